"""A plain sentence for each kind of event, for summaries and for the steps of an answer."""

EVENT_CLAUSES = {
    "hero_gives": ("{hero} gave {thing:the} to {friend}.", "{hero:名}把{thing:那}送给了{friend:名}。"),
    "friend_gives": ("{friend} gave {other:the} to {hero}.", "{friend:名}把{other:那}送给了{hero:名}。"),
    "swap": ("{hero} traded {thing:the} for {other:the}.", "{hero:名}用{thing:那}换了{other:那}。"),
    "sing": ("{friend} entertained {hero}.", "{friend:名}逗{hero:名}开心。"),
    "praise": ("{friend} praised {hero}.", "{friend:名}夸奖了{hero:名}。"),
    "take": ("{friend} took {thing:the} away from {hero}.", "{friend:名}从{hero:名}手里抢走了{thing:那}。"),
    "give_back": ("{friend} gave {thing:the} back to {hero}.", "{friend:名}把{thing:那}还给了{hero:名}。"),
    "refuse": ("{friend} would not return {thing:the}.", "{friend:名}不肯归还{thing:那}。"),
    "lose": ("{hero} lost {thing:the}.", "{hero:名}弄丢了{thing:那}。"),
    "friend_finds": ("{friend} found {thing:the} for {hero}.", "{friend:名}替{hero:名}找到了{thing:那}。"),
    "hero_finds": ("{hero} found {thing:the} again.", "{hero:名}又找到了{thing:那}。"),
    "search": ("{hero} could not find {thing:the}.", "{hero:名}没有找到{thing:那}。"),
    "spill": ("{friend} made {thing:the} dirty.", "{friend:名}弄脏了{thing:那}。"),
    "clean": ("{friend} cleaned {thing:the} for {hero}.", "{friend:名}替{hero:名}把{thing:那}擦干净了。"),
    "rub": ("{hero} could not clean {thing:the}.", "{hero:名}没能把{thing:那}擦干净。"),
    "tease": ("{friend} made fun of {hero}.", "{friend:名}取笑了{hero:名}。"),
    "apologise": ("{friend} said sorry to {hero}.", "{friend:名}向{hero:名}道了歉。"),
    "silence": ("{hero} was hurt by {friend}.", "{friend:名}伤了{hero:名}的心。"),
    "show": ("{hero} showed {thing:the} to {friend}.", "{hero:名}给{friend:名}看了{thing:那}。"),
    "go": ("{hero} and {friend} went {next_place:to}.", "{hero:名}和{friend:名}去了{next_place:名}。"),
    "rest": ("{hero} and {friend} rested.", "{hero:名}和{friend:名}休息了一会儿。"),
    "put": ("{who} put {thing:the} {where}.", "{who:名}把{thing:那}放在了{where:名}。"),
    "fetch": ("{who} picked up {thing:the}.", "{who:名}拿起了{thing:那}。"),
}
"""The plain sentence of each kind of event, in English and Chinese."""

OUTCOMES = {
    1: ("In the end {hero} was happy.", "最后，{hero:名}很开心。"),
    0: ("In the end {hero} felt as before.", "最后，{hero:名}的心情还和原来一样。"),
    -1: ("In the end {hero} was sad.", "最后，{hero:名}很难过。"),
}
"""The last sentence of a summary, by the hero's mood."""
