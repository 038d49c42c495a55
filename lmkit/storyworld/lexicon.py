# ruff: noqa: E501 (tables read better unbroken)
"""The words of the story world in both languages. A smaller world uses the first words of each list."""

from lmkit.storyworld.entities import Entity, make_entity

# Names by pronoun. They are used in turn, one of each, so that a multiple of three names is balanced.
_SHE = (
    "Anna 安娜,Clara 克拉拉,Emma 艾玛,Grace 格蕾丝,Julia 朱莉娅,Laura 劳拉,Lucy 露西,Maria 玛丽亚,"
    "Mia 米娅,Nora 诺拉,Olivia 奥利维亚,Rosa 罗莎,Sara 萨拉,Sophie 索菲,Tina 蒂娜,Zoe 佐伊"
)
_HE = (
    "Tom 汤姆,Adam 亚当,Daniel 丹尼尔,David 大卫,Felix 菲利克斯,Henry 亨利,Jack 杰克,Karl 卡尔,"
    "Leo 利奥,Martin 马丁,Oscar 奥斯卡,Paul 保罗,Peter 彼得,Simon 西蒙,Thomas 托马斯,Victor 维克托"
)
_EITHER = (
    "Alex 亚历克斯,Avery 艾弗里,Casey 凯西,Charlie 查理,Jamie 杰米,Jordan 乔丹,Jules 朱尔斯,Kim 金姆,"
    "Morgan 摩根,Noel 诺埃尔,Quinn 奎因,Riley 莱利,Robin 罗宾,Rowan 罗恩,Sam 山姆,Sasha 萨莎"
)

# Occupations, alternately leaning towards "she" and "he". The assignment is arbitrary: the correlation is planted.
_OCCUPATIONS = (
    "baker 面包师,teacher 老师,painter 画家,farmer 农民,doctor 医生,gardener 园丁,singer 歌手,carpenter 木匠,"
    "cook 厨师,tailor 裁缝,pilot 飞行员,nurse 护士,sailor 水手,writer 作家,driver 司机,dentist 牙医,"
    "librarian 图书管理员,firefighter 消防员,potter 陶艺师,musician 音乐家,engineer 工程师,dancer 舞蹈演员,"
    "actor 演员,shepherd 牧羊人"
)

# Eight adjectives per material; each thing is a noun, a Chinese measure word and a Chinese noun.
_ADJECTIVES = {
    "cloth": "red 红色的,blue 蓝色的,old 旧,striped 带条纹的,green 绿色的,new 新,pretty 漂亮的,yellow 黄色的",
    "wood": "small 小,wooden 木制的,red 红色的,old 旧,blue 蓝色的,painted 彩绘的,big 大,round 圆圆的",
    "metal": "golden 金色的,shiny 闪亮的,antique 古色古香的,silver 银色的,tiny 小巧的,lovely 可爱的,strange 奇特的,new 新",
}
_THINGS = {
    "cloth": (
        "kite 只 风筝,hat 顶 帽子,scarf 条 围巾,umbrella 把 雨伞,blanket 条 毯子,pillow 个 枕头,ribbon 条 丝带,"
        "flag 面 旗子,doll 个 布娃娃,bag 个 袋子,cushion 个 坐垫,towel 条 毛巾,purse 个 钱包,balloon 个 气球"
    ),
    "wood": (
        "ball 个 球,drum 面 鼓,box 个 盒子,bowl 个 碗,cup 个 杯子,basket 个 篮子,bucket 个 水桶,brush 把 刷子,"
        "puppet 个 木偶,whistle 个 哨子,plate 个 盘子,spoon 把 勺子,vase 个 花瓶,chessboard 副 棋盘"
    ),
    "metal": (
        "key 把 钥匙,ring 枚 戒指,coin 枚 硬币,bell 个 铃铛,lamp 盏 灯,clock 个 闹钟,mirror 面 镜子,"
        "necklace 条 项链,medal 枚 奖章,button 颗 纽扣,compass 个 指南针,teapot 把 茶壶,crown 顶 王冠,lantern 盏 灯笼"
    ),
}

# Places, alternately outside and inside: preposition and noun, then Chinese for going there and for being there.
_OUTSIDE = (
    "in park 公园 公园里,on beach 海滩 海滩上,in garden 花园 花园里,at market 集市 集市上,by lake 湖边 湖边,"
    "in forest 森林 森林里,on farm 农场 农场里,by river 河边 河边,at zoo 动物园 动物园里,in meadow 草地 草地上,"
    "on hill 山坡 山坡上,on playground 操场 操场上,in square 广场 广场上"
)
_INSIDE = (
    "in library 图书馆 图书馆里,at school 学校 学校里,in kitchen 厨房 厨房里,in museum 博物馆 博物馆里,"
    "in castle 城堡 城堡里,at station 车站 车站里,in theater 剧院 剧院里,in shop 商店 商店里,"
    "in hospital 医院 医院里,in cafe 咖啡馆 咖啡馆里,in barn 谷仓 谷仓里,in bakery 面包店 面包店里,"
    "in workshop 工坊 工坊里"
)
_SPOTS = {
    "outside": (
        "under the bench 长椅下面,behind the tree 大树后面,in the grass 草丛里,beside the fence 篱笆旁边,"
        "under the bush 灌木丛下面,on the wall 矮墙上,behind the shed 棚子后面,beside the gate 大门旁边,"
        "on the rock 大石头上,in the wheelbarrow 手推车里"
    ),
    "inside": (
        "under the table 桌子下面,on the shelf 架子上,behind the door 门后面,in the drawer 抽屉里,"
        "on the chair 椅子上,in the corner 角落里,beside the window 窗户旁边,under the stairs 楼梯下面,"
        "in the cupboard 柜子里,behind the curtain 窗帘后面"
    ),
}

# Details: English base form, Chinese form.
_DETAILS = {
    "weather": "sunny 晴朗的,warm 温暖的,windy 刮风的,cold 寒冷的,cloudy 阴沉的,foggy 有雾的,bright 明媚的,quiet 宁静的,"
    "hot 炎热的,fine 美好的",
    "daytime": "morning 早晨,afternoon 下午,Sunday 星期天,day 日子,Monday 星期一,Saturday 星期六,Friday 星期五,"
    "Tuesday 星期二,Thursday 星期四,Wednesday 星期三",
    "sky": "the sun came out 太阳出来了,it began to rain 下起了雨,the wind grew stronger 风大了起来,"
    "dark clouds covered the sky 乌云布满了天空,a rainbow appeared 天上出现了一道彩虹,the air turned cold 天气变冷了,"
    "thunder rolled far away 远处响起了雷声,the sky cleared 天空放晴了,a light snow began to fall 下起了小雪,"
    "thick fog came up 起了大雾",
    "animal": "dog 只 狗,cat 只 猫,sparrow 只 麻雀,puppy 只 小狗,kitten 只 小猫,pigeon 只 鸽子,mouse 只 老鼠,crow 只 乌鸦,"
    "hen 只 母鸡,squirrel 只 松鼠",
    "food": "bread 面包,cheese 奶酪,apples 苹果,grapes 葡萄,cake 蛋糕,cookies 饼干,pears 梨,cherries 樱桃,nuts 坚果,"
    "pancakes 煎饼",
    "number": "three 三,two 两,four 四,five 五,six 六,seven 七,eight 八,nine 九,ten 十,twelve 十二",
    "topic": "the moon 月亮,the sea 大海,the summer 夏天,the stars 星星,the mountains 群山,the spring 春天,"
    "the old days 过去的日子,the harvest 丰收,the snow 雪,distant lands 远方",
    "drink": "juice 果汁,milk 牛奶,tea 茶,water 水,coffee 咖啡,ink 墨水,paint 颜料,soup 汤,oil 油,honey 蜂蜜",
    "glad": "happy 开心,glad 高兴,cheerful 愉快,pleased 满意,delighted 欢喜,joyful 快乐,merry 快活,proud 自豪,"
    "grateful 感激,content 满足",
    "sad": "sad 难过,unhappy 不开心,upset 心烦,gloomy 郁闷,miserable 痛苦,disappointed 失望,hurt 伤心,lonely 孤单,"
    "angry 生气,worried 担心",
    "calm": "calm 平静,tired 疲倦,sleepy 困,relaxed 轻松,peaceful 安宁,curious 好奇,hungry 饿,thirsty 渴,drowsy 昏沉,"
    "weary 疲惫",
}
_LABELS = {"food": "FOOD", "animal": "ANIMAL", "glad": "MOOD", "sad": "MOOD", "calm": "MOOD", "daytime": "TIME"}


def _article(phrase: str) -> str:
    return "an" if phrase[0] in "aeiou" else "a"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _rows(table: str) -> list[list[str]]:
    return [row.split(" ") for row in table.split(",")]


def people() -> list[Entity]:
    """All names; the kind is the pronoun: "she", "he" or "either"."""
    by_pronoun = zip(_rows(_SHE), _rows(_HE), _rows(_EITHER), strict=True)
    return [
        make_entity(name, "PERSON", pronoun, {"": f"[{name}]", "名": f"[{chinese}]"})
        for trio in by_pronoun
        for pronoun, (name, chinese) in zip(("she", "he", "either"), trio, strict=True)
    ]


def pronouns() -> dict[str, Entity]:
    """The two pronouns; they have no spans, because they are not named entities."""
    rows = {"she": ("she", "her", "her", "她"), "he": ("he", "him", "his", "他")}
    return {
        key: make_entity(key, "", key, {"": he, "He": _capital(he), "him": him, "his": his, "名": chinese})
        for key, (he, him, his, chinese) in rows.items()
    }


def occupations() -> list[Entity]:
    """All occupations; the kind is the pronoun that each leans towards."""
    return [
        make_entity(
            noun,
            "OCCUPATION",
            ("she", "he")[index % 2],
            {
                "": f"[{noun}]",
                "a": f"{_article(noun)} [{noun}]",
                "A": f"{_capital(_article(noun))} [{noun}]",
                "the": f"the [{noun}]",
                "名": f"[{chinese}]",
                "一": f"一位[{chinese}]",
            },
        )
        for index, (noun, chinese) in enumerate(_rows(_OCCUPATIONS))
    ]


def things(num_things: int, num_adjectives: int) -> list[Entity]:
    """Things with each of their adjectives; the key is the noun, so no story has two kites.

    Args:
        num_things: Number of nouns, taken from each material in turn.
        num_adjectives: Number of adjectives per noun.

    Returns:
        ``num_things`` times ``num_adjectives`` entities.
    """
    columns = zip(*(_rows(_THINGS[material]) for material in _ADJECTIVES), strict=True)
    nouns = [(row, material) for trio in columns for row, material in zip(trio, _ADJECTIVES, strict=True)]
    return [
        make_entity(
            noun,
            "THING",
            material,
            {
                "": f"[{adjective} {noun}]",
                "a": f"{_article(adjective)} [{adjective} {noun}]",
                "the": f"the [{adjective} {noun}]",
                "The": f"The [{adjective} {noun}]",
                "short": f"the [{noun}]",
                "名": f"[{quality}{chinese}]",
                "一": f"一{measure}[{quality}{chinese}]",
                "那": f"那{measure}[{quality}{chinese}]",
                "短": f"那{measure}[{chinese}]",
            },
        )
        for (noun, measure, chinese), material in nouns[:num_things]
        for adjective, quality in _rows(_ADJECTIVES[material])[:num_adjectives]
    ]


def places() -> list[Entity]:
    """All places; the kind is "outside" or "inside"."""
    in_turn = zip(_rows(_OUTSIDE), _rows(_INSIDE), strict=True)
    return [
        make_entity(
            noun,
            "PLACE",
            kind,
            {
                "": f"[{noun}]",
                "in": f"{preposition} the [{noun}]",
                "to": f"to the [{noun}]",
                "名": f"[{there}]",
                "里": f"[{being_there}]",
            },
        )
        for pair in in_turn
        for kind, (preposition, noun, there, being_there) in zip(("outside", "inside"), pair, strict=True)
    ]


def spots(kind: str) -> list[Entity]:
    """The spots where a thing can lie.

    Args:
        kind: "outside" or "inside".

    Returns:
        Ten spots.
    """
    phrases = [row.rsplit(" ", 1) for row in _SPOTS[kind].split(",")]
    return [
        make_entity(english, "SPOT", kind, {"": f"[{english}]", "名": f"[{chinese}]"}) for english, chinese in phrases
    ]


def details(name: str) -> list[Entity]:
    """One of the lists of details.

    Args:
        name: "weather", "daytime", "sky", "animal", "food", "number", "topic", "drink", "glad", "sad" or "calm".

    Returns:
        Ten entities.
    """
    return [_detail(name, row) for row in _DETAILS[name].split(",")]


def _detail(name: str, row: str) -> Entity:
    english, chinese = row.rsplit(" ", 1)
    measure = ""
    if name == "animal":
        english, measure = english.split(" ")
    forms = {"": f"[{english}]", "名": f"[{chinese}]", "Cap": f"[{_capital(english)}]"}
    if measure:
        forms |= {"a": f"{_article(english)} [{english}]", "A": f"{_capital(_article(english))} [{english}]"}
        forms["一"] = f"一{measure}[{chinese}]"
    return make_entity(english, _LABELS.get(name, ""), name, forms)
