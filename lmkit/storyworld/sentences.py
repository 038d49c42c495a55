# ruff: noqa: E501 (tables read better unbroken)
"""The wordings: the paraphrases of each kind of sentence, in English and Chinese.

A slot is ``{role:form}``. A move's cast maps the placeholders ``who``, ``where``, ``there`` and ``feeling`` to roles.
All paraphrases of a kind introduce the same roles, except for the pronoun ``he``.
"""

WORDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "opening": (
        (
            "One {weather} {daytime}, {hero} {job:the} went {place:to} with {thing:a}.",
            "在一个{weather:名}{daytime:名}，{job:名}{hero:名}带着{thing:一}去了{place:名}。",
        ),
        (
            "On a {weather} {daytime}, {hero}, {job:a}, took {thing:a} {place:to}.",
            "在一个{weather:名}{daytime:名}，一位名叫{hero:名}的{job:名}带着{thing:一}来到了{place:名}。",
        ),
        (
            "{hero} was {job:a} who came {place:to} one {weather} {daytime} with {thing:a}.",
            "{job:名}{hero:名}在一个{weather:名}{daytime:名}来到{place:名}，手里拿着{thing:一}。",
        ),
        (
            "It was a {weather} {daytime}, and {hero} {job:the} carried {thing:a} {place:to}.",
            "那是一个{weather:名}{daytime:名}，{job:名}{hero:名}带着{thing:一}来到{place:名}。",
        ),
        (
            "{hero} worked as {job:a}, and one {weather} {daytime} {he} brought {thing:a} {place:to}.",
            "{hero:名}是一位{job:名}，在一个{weather:名}{daytime:名}，{he:名}带着{thing:一}来到了{place:名}。",
        ),
        (
            "Once upon a time, {hero} {job:the} walked {place:to} on a {weather} {daytime} and brought {thing:a} along.",
            "从前，在一个{weather:名}{daytime:名}，{job:名}{hero:名}一路走到{place:名}，还带上了{thing:一}。",
        ),
    ),
    "meet": (
        ("There {he} met {friend}, {friend_job:a}.", "在那里，{he:名}遇到了{friend_job:名}{friend:名}。"),
        (
            "{hero} soon met {friend}, who worked as {friend_job:a}.",
            "很快，{hero:名}就遇见了当{friend_job:名}的{friend:名}。",
        ),
        ("{friend}, {friend_job:a}, was there too.", "一位名叫{friend:名}的{friend_job:名}也在那里。"),
        ("{friend}, {friend_job:a}, came over to say hello.", "{friend_job:名}{friend:名}走过来打了个招呼。"),
        (
            "Before long {friend}, {friend_job:a}, sat down next to {he:him}.",
            "没过多久，{friend_job:名}{friend:名}在{he:名}身边坐了下来。",
        ),
        (
            "{he:He} waved to {friend}, {friend_job:a} from the same town.",
            "{he:名}向同镇的{friend_job:名}{friend:名}挥了挥手。",
        ),
    ),
    "meet_with_other": (
        (
            "There {he} met {friend}, {friend_job:a} who had {other:a}.",
            "在那里，{he:名}遇到了{friend_job:名}{friend:名}，{friend:名}带着{other:一}。",
        ),
        (
            "{hero} soon met {friend}, {friend_job:a} with {other:a}.",
            "很快，{hero:名}就遇见了一位名叫{friend:名}的{friend_job:名}，{friend:名}有{other:一}。",
        ),
        (
            "{friend}, {friend_job:a}, was there too and held {other:a}.",
            "一位名叫{friend:名}的{friend_job:名}也在那里，手里拿着{other:一}。",
        ),
        (
            "{friend}, {friend_job:a}, came over and showed {he:him} {other:a}.",
            "{friend_job:名}{friend:名}走过来，给{he:名}看了{other:一}。",
        ),
        (
            "Before long {friend}, {friend_job:a}, sat down next to {he:him} with {other:a}.",
            "没过多久，{friend_job:名}{friend:名}带着{other:一}，在{he:名}身边坐了下来。",
        ),
        (
            "{he:He} waved to {friend}, {friend_job:a} who was carrying {other:a}.",
            "{he:名}向{friend_job:名}{friend:名}挥了挥手，{friend:名}正拿着{other:一}。",
        ),
    ),
    "hero_gives": (
        ("{hero} gave {thing:the} to {friend} as a present.", "{hero:名}把{thing:那}送给{friend:名}当礼物。"),
        ("{he:He} told {friend} to keep {thing:the}.", "{he:名}让{friend:名}把{thing:那}留着。"),
        (
            "{friend} got {thing:the} from {hero} and could keep it.",
            "{friend:名}从{hero:名}那里得到了{thing:那}，可以一直留着。",
        ),
        ("{hero} decided that {thing:the} should belong to {friend}.", "{hero:名}决定把{thing:那}送给{friend:名}。"),
        ("{he:He} made {friend} a present of {thing:the}.", "{he:名}把{thing:那}作为礼物给了{friend:名}。"),
    ),
    "friend_gives": (
        ("{friend} gave {other:the} to {hero} as a present.", "{friend:名}把{other:那}送给{hero:名}当礼物。"),
        ("{friend} told {he:him} to keep {other:the}.", "{friend:名}让{he:名}把{other:那}留着。"),
        (
            "{hero} got {other:the} from {friend} and could keep it.",
            "{hero:名}从{friend:名}那里得到了{other:那}，可以一直留着。",
        ),
        ("{friend} decided that {other:the} should belong to {hero}.", "{friend:名}决定把{other:那}送给{hero:名}。"),
        ("{friend} made {he:him} a present of {other:the}.", "{friend:名}把{other:那}作为礼物给了{he:名}。"),
    ),
    "swap": (
        ("{hero} traded {thing:the} for {other:the}.", "{hero:名}用{thing:那}换来了{other:那}。"),
        (
            "{friend} got {thing:the}, and {hero} got {other:the} in return.",
            "{friend:名}得到了{thing:那}，{hero:名}换到了{other:那}。",
        ),
        (
            "{hero} gave {thing:the} to {friend} and took {other:the} in return.",
            "{hero:名}把{thing:那}给了{friend:名}，换回了{other:那}。",
        ),
        (
            "They made a fair trade, {thing:the} for {other:the}.",
            "两人公平地用{thing:那}换了{other:那}。",
        ),
    ),
    "sing": (
        ("{friend} sang {he:him} a song about {topic}.", "{friend:名}为{he:名}唱了一首歌，唱的是{topic:名}。"),
        (
            "{hero} listened while {friend} sang about {topic}.",
            "{friend:名}唱起了关于{topic:名}的歌，{hero:名}听得入了迷。",
        ),
        ("For {hero}, {friend} made up a poem about {topic}.", "{friend:名}为{hero:名}作了一首关于{topic:名}的诗。"),
        (
            "{friend} told {hero} a funny story about {topic}.",
            "{friend:名}给{hero:名}讲了一个关于{topic:名}的有趣故事。",
        ),
    ),
    "praise": (
        ("{friend} said that {hero} was the best {job} in town.", "{friend:名}说{hero:名}是镇上最好的{job:名}。"),
        ("{friend} praised {hero} for being a good {job}.", "{friend:名}夸{hero:名}是个称职的{job:名}。"),
        (
            "According to {friend}, nobody was a better {job} than {hero}.",
            "{friend:名}说，没有哪个{job:名}比得上{hero:名}。",
        ),
        ("{friend} was full of praise for {hero} {job:the}.", "{friend:名}对{job:名}{hero:名}赞不绝口。"),
    ),
    "take": (
        ("{friend} snatched {thing:the} from {hero} and kept it.", "{friend:名}从{hero:名}手里抢走了{thing:那}。"),
        (
            "Without asking, {friend} took {thing:the} away from {he:him}.",
            "{friend:名}问也不问，就把{thing:那}从{he:名}手里拿走了。",
        ),
        ("{friend} grabbed {thing:the} and would not give it back.", "{friend:名}一把夺过{thing:那}，不肯还回来。"),
        (
            "{hero} could not stop {friend} from taking {thing:the}.",
            "{hero:名}没能拦住{friend:名}，{thing:那}被拿走了。",
        ),
    ),
    "give_back": (
        ("Then {friend} gave {thing:the} back to {hero}.", "后来，{friend:名}把{thing:那}还给了{hero:名}。"),
        (
            "{friend} was ashamed and returned {thing:the} to {he:him}.",
            "{friend:名}觉得很惭愧，把{thing:那}还给了{he:名}。",
        ),
        ("A little later {hero} got {thing:short} back.", "过了一会儿，{hero:名}拿回了{thing:短}。"),
        (
            "{friend} thought again and put {thing:short} back into {he:his} hands.",
            "{friend:名}想了想，又把{thing:短}放回了{he:名}手里。",
        ),
    ),
    "refuse": (
        (
            "{hero} asked for {thing:the}, but {friend} only said no.",
            "{hero:名}想要回{thing:那}，可是{friend:名}不答应。",
        ),
        (
            "{he:He} begged {friend} to return {thing:the}, but it did not help.",
            "{he:名}求{friend:名}归还{thing:那}，可是没有用。",
        ),
        (
            "Again and again {hero} asked to have {thing:short} back, but {friend} did not listen.",
            "{hero:名}一次又一次地想要回{thing:短}，{friend:名}就是不听。",
        ),
    ),
    "lose": (
        ("A little later {hero} noticed that {thing:the} was gone.", "过了一会儿，{hero:名}发现{thing:那}不见了。"),
        ("Somehow {hero} lost {thing:the}.", "不知怎么的，{hero:名}把{thing:那}弄丢了。"),
        (
            "{hero} looked around and could not see {thing:the} anywhere.",
            "{hero:名}看了看四周，哪儿也看不到{thing:那}。",
        ),
        ("Suddenly {thing:the} had disappeared.", "突然，{thing:那}不见了。"),
        (
            "{hero} had empty hands, for {thing:the} had fallen down somewhere.",
            "{hero:名}两手空空，{thing:那}不知掉在了哪里。",
        ),
    ),
    "friend_finds": (
        (
            "{friend} found {thing:the} {where} and gave it back to {hero}.",
            "{friend:名}在{where:名}找到了{thing:那}，把它还给了{hero:名}。",
        ),
        (
            "It was {friend} who saw {thing:the} {where} and brought it back.",
            "是{friend:名}在{where:名}看见了{thing:那}，把它送了回来。",
        ),
        (
            "Luckily {friend} discovered {thing:short} {where} and handed it to {he:him}.",
            "幸好{friend:名}在{where:名}发现了{thing:短}，把它交给了{he:名}。",
        ),
    ),
    "hero_finds": (
        ("At last {hero} found {thing:the} {where}.", "最后，{hero:名}在{where:名}找到了{thing:那}。"),
        (
            "After a long search {he} saw {thing:short} {where} and picked it up.",
            "找了很久以后，{he:名}在{where:名}看见了{thing:短}，把它捡了起来。",
        ),
        (
            "Then {hero} looked {where}, and there was {thing:the}.",
            "后来{hero:名}到{where:名}一看，{thing:那}就在那儿。",
        ),
    ),
    "search": (
        ("They looked everywhere for {thing:the} and did not find it.", "两人到处找{thing:那}，可是没有找到。"),
        (
            "{hero} and {friend} searched for {thing:the} in vain.",
            "为了找{thing:那}，{hero:名}和{friend:名}忙了半天，还是没找到。",
        ),
        (
            "{friend} helped {he:him} look for {thing:short}, but it did not turn up.",
            "{friend:名}帮{he:名}找{thing:短}，可是怎么也找不到。",
        ),
    ),
    "spill": (
        (
            "By accident {friend} spilled {drink} all over {thing:the}.",
            "{friend:名}不小心把{drink:名}洒在了{thing:那}上。",
        ),
        (
            "{friend} tripped and poured {drink} on {thing:the}.",
            "{friend:名}绊了一跤，把{drink:名}泼到了{thing:那}上。",
        ),
        ("Oh no, {friend} got {drink} all over {thing:the}!", "哎呀，{friend:名}把{thing:那}弄得全是{drink:名}！"),
        (
            "{thing:The} was covered in {drink} because {friend} had not been careful.",
            "因为{friend:名}不小心，{thing:那}沾满了{drink:名}。",
        ),
    ),
    "clean": (
        ("{friend} wiped {thing:the} until it was clean again.", "{friend:名}把{thing:那}擦得干干净净。"),
        (
            "With a wet cloth, {friend} made {thing:the} look like new.",
            "{friend:名}用湿布一擦，{thing:那}又像新的一样了。",
        ),
        (
            "{friend} was sorry and cleaned {thing:short} for {he:him}.",
            "{friend:名}很抱歉，替{he:名}把{thing:短}擦干净了。",
        ),
    ),
    "rub": (
        ("{hero} rubbed and rubbed, but {thing:the} stayed dirty.", "{hero:名}擦了又擦，可{thing:那}还是脏的。"),
        ("{hero} tried to clean {thing:short}, but the spots stayed.", "{hero:名}想把{thing:短}擦干净，可是污渍还在。"),
        ("Even with hot water {hero} could not save {thing:the}.", "就算用热水，{hero:名}也没能把{thing:那}洗干净。"),
    ),
    "tease": (
        ("{friend} laughed at {hero} in front of everyone.", "{friend:名}当着大家的面嘲笑{hero:名}。"),
        ("{friend} said that {hero} was a very bad {job}.", "{friend:名}说{hero:名}是个很差劲的{job:名}。"),
        ("{friend} made fun of {he:him} and {thing:the}.", "{friend:名}取笑{he:名}和{thing:那}。"),
        ("{friend} told {hero} never to work as {job:a} again.", "{friend:名}叫{hero:名}别再当{job:名}了。"),
    ),
    "apologise": (
        ("Then {friend} said sorry to {hero}.", "后来，{friend:名}向{hero:名}道了歉。"),
        (
            "{friend} took the bad words back and gave {he:him} a hug.",
            "{friend:名}收回了那些难听的话，抱了抱{he:名}。",
        ),
        ("{friend} told {he:him} that it had only been a silly joke.", "{friend:名}对{he:名}说，那只是个无聊的玩笑。"),
    ),
    "silence": (
        ("{hero} did not know what to say.", "{hero:名}不知道该说什么。"),
        ("{hero} looked at the ground and said nothing.", "{hero:名}看着地面，一句话也没说。"),
        ("{hero} turned away from {friend}.", "{hero:名}转过身去，不理{friend:名}。"),
    ),
    "show": (
        ("{hero} showed {thing:the} to {friend}.", "{hero:名}把{thing:那}拿给{friend:名}看。"),
        (
            "{friend} wanted to see {thing:the}, so {hero} held it up.",
            "{friend:名}想看{thing:那}，{hero:名}就把它举了起来。",
        ),
        ("They looked closely at {thing:the} together.", "两人一起仔细看了看{thing:那}。"),
        (
            "{hero} explained to {friend} where {thing:the} came from.",
            "{hero:名}告诉{friend:名}{thing:那}是从哪儿来的。",
        ),
    ),
    "go": (
        ("Then they went {next_place:to}.", "然后，两人去了{next_place:名}。"),
        ("Together they walked {next_place:to}.", "两人一起走到了{next_place:名}。"),
        ("{hero} and {friend} moved on {next_place:to}.", "{hero:名}和{friend:名}接着去了{next_place:名}。"),
        ("After that, {friend} took {he:him} {next_place:to}.", "在那之后，{friend:名}带{he:名}去了{next_place:名}。"),
    ),
    "rest": (
        ("They sat down and rested for {number} minutes.", "两人坐下来休息了{number:名}分钟。"),
        ("{hero} and {friend} took a break of {number} minutes.", "{hero:名}和{friend:名}歇了{number:名}分钟。"),
        ("For {number} minutes they just sat there.", "两人就那样坐了{number:名}分钟。"),
    ),
    "put": (
        ("{who} put {thing:the} {where}.", "{who:名}把{thing:那}放在了{where:名}。"),
        ("{who} left {thing:the} {where} for now.", "{who:名}暂时把{thing:那}留在了{where:名}。"),
        ("Carefully {who} hid {thing:the} {where}.", "{who:名}小心地把{thing:那}藏在了{where:名}。"),
        ("{who} found a good place for {thing:the} {where}.", "{who:名}给{thing:那}找了个好地方，放在了{where:名}。"),
    ),
    "fetch": (
        ("{who} picked up {thing:the} again.", "{who:名}又拿起了{thing:那}。"),
        ("Then {who} went to get {thing:short}.", "然后，{who:名}去把{thing:短}拿了过来。"),
        ("A little later {who} came back with {thing:short}.", "过了一会儿，{who:名}拿着{thing:短}回来了。"),
    ),
    "sky": (
        ("Then {sky}.", "接着，{sky:名}。"),
        ("After a while {sky}.", "过了一会儿，{sky:名}。"),
        ("Outside the town {sky}.", "在镇子外面，{sky:名}。"),
        ("At noon {sky}.", "中午的时候，{sky:名}。"),
    ),
    "likes": (
        ("{who} loved {food} more than anything else.", "{who:名}最喜欢吃{food:名}。"),
        ("{who} could have eaten {food} all day long.", "{who:名}吃上一整天{food:名}也不会腻。"),
        ("Everyone knew that {who} liked {food}.", "大家都知道{who:名}爱吃{food:名}。"),
        ("{who} talked about {food}, the best food of all.", "{who:名}说起了自己最爱吃的{food:名}。"),
    ),
    "animal": (
        ("{animal:A} came by.", "{animal:一}从旁边经过。"),
        ("They heard {animal:a} in the distance.", "两人听到远处有{animal:一}在叫。"),
        ("Not far away, {animal:a} was asleep.", "不远处，{animal:一}正在睡觉。"),
        ("{animal:A} looked at them for a while.", "{animal:一}看了两人好一会儿。"),
    ),
    "meal": (
        ("They shared some {food}.", "两人分着吃了些{food:名}。"),
        ("{friend} had brought some {food} for lunch.", "{friend:名}带来了一些{food:名}当午饭。"),
        ("Somebody came and offered them {food}.", "有人走过来，请两人吃{food:名}。"),
        ("The smell of {food} was in the air.", "空气中飘着{food:名}的香味。"),
    ),
    "bell": (
        ("Somewhere a bell rang {number} times.", "不知哪里的钟敲了{number:名}下。"),
        ("They heard the clock strike {number} times.", "两人听见钟敲了{number:名}下。"),
        ("A train whistled {number} times.", "火车鸣了{number:名}声笛。"),
    ),
    "passer": (
        ("{passer:A} walked past with {burden:a}.", "{passer:一}拿着{burden:一}走了过去。"),
        ("They saw {passer:a} who was carrying {burden:a}.", "两人看见{passer:一}拿着{burden:一}。"),
        ("Next to them {passer:a} was looking for {burden:a}.", "旁边有{passer:一}在找{burden:一}。"),
        ("{passer:A} asked them the price of {burden:a}.", "{passer:一}向两人打听{burden:一}要多少钱。"),
    ),
    "talk": (
        ("They talked about {topic}.", "两人聊起了{topic:名}。"),
        ("{friend} had a lot to say about {topic}.", "{friend:名}说了很多关于{topic:名}的事。"),
        ("{hero} asked {friend} about {topic}.", "{hero:名}向{friend:名}问起了{topic:名}。"),
        ("For a while the two of them spoke of {topic}.", "有一阵子，两人谈起了{topic:名}。"),
    ),
    "minutes": (
        ("Another {number} minutes passed.", "又过了{number:名}分钟。"),
        ("They stayed for {number} more minutes.", "两人又待了{number:名}分钟。"),
        ("{number:Cap} minutes later they were still there.", "{number:名}分钟以后，两人还在那里。"),
    ),
    "thing_with": (
        ("In the end, {thing:the} was with {who}.", "最后，{thing:那}在{who:名}手里。"),
        ("When they said goodbye, {who} had {thing:the}.", "两人告别的时候，{thing:那}在{who:名}那里。"),
        ("{who} carried {thing:the} home.", "{who:名}带着{thing:那}回家了。"),
        ("It was {who} who took {thing:the} home.", "是{who:名}把{thing:那}带回了家。"),
    ),
    "other_with": (
        ("As for {other:the}, it stayed with {who}.", "至于{other:那}，它留在了{who:名}那里。"),
        ("From that day on, {other:the} belonged to {who}.", "从那天起，{other:那}就归{who:名}了。"),
        ("On the way home {who} held {other:the}.", "回家的路上，{who:名}拿着{other:那}。"),
        ("{who} went away with {other:the}.", "{who:名}拿着{other:那}走了。"),
    ),
    "still_there": (
        ("In the end, {thing:the} was still {where} {there:in}.", "最后，{thing:那}还在{there:名}的{where:名}。"),
        (
            "Nobody took {thing:the} home, so it stayed {where} {there:in}.",
            "没有人把{thing:那}带回家，它就留在了{there:名}的{where:名}。",
        ),
        (
            "When they left, {thing:the} was still {where} {there:in}.",
            "两人离开的时候，{thing:那}还在{there:名}的{where:名}。",
        ),
    ),
    "gone": (
        ("Nobody ever saw {thing:the} again.", "再也没有人见过{thing:那}。"),
        ("{hero} went home without {thing:the}.", "{hero:名}没有带着{thing:那}，就这样回家了。"),
        ("To this day, {thing:the} has not been found.", "直到今天，{thing:那}还没有找到。"),
    ),
    "hero_mood": (
        ("{hero} went home feeling {feeling}.", "{hero:名}回家的时候觉得很{feeling:名}。"),
        ("{hero} was {feeling} for the rest of the day.", "这天剩下的时间里，{hero:名}一直很{feeling:名}。"),
        ("That evening {hero} felt {feeling}.", "那天晚上，{hero:名}觉得很{feeling:名}。"),
        ("At bedtime {hero} was still {feeling}.", "睡觉的时候，{hero:名}还是很{feeling:名}。"),
        ("All in all, it was a day that left {hero} {feeling}.", "总的来说，这一天让{hero:名}觉得很{feeling:名}。"),
    ),
    "friend_mood": (
        ("On leaving, {friend} felt {feeling}.", "离开的时候，{friend:名}觉得很{feeling:名}。"),
        ("{friend} looked {feeling} when they parted.", "道别的时候，{friend:名}看上去很{feeling:名}。"),
        ("It was easy to see that {friend} was {feeling}.", "看得出来，{friend:名}很{feeling:名}。"),
        ("{friend} was {feeling} the whole way home.", "回家的路上，{friend:名}一直很{feeling:名}。"),
    ),
}
"""The paraphrases of each kind of sentence, in English and Chinese."""
