"""What a prompt asks to see: a scene, the things in it, the light and a colour. English, Dutch."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Scenes and the words that call for them; the scene with most words wins.
SCENES: Mapping[str, str] = {
    "coast": "sea ocean beach coast lighthouse dune dunes wave waves shore harbour harbor sail"
    " ship boat"
    " boats island texel bay cliff zee strand kust vuurtoren duin duinen golf golven haven schip"
    " boot"
    " eiland wad waddenzee dike dijk dikes dijken surf tide sailboat zeilboot",
    "polder": "polder windmill mill mills meadow field fields canal ditch tulip tulips cow cows"
    " farm"
    " netherlands holland dutch molen molens weiland weide akker sloot kanaal tulp tulpen koe"
    " koeien"
    " boerderij nederland hollands fiets bicycle wheat tarwe",
    "hills": "mountain mountains hill hills alps valley lake fjord peak summit volcano landscape"
    " river"
    " canyon desert glacier berg bergen heuvel heuvels alpen dal meer fjorden top vulkaan landschap"
    " rivier woestijn gletsjer cabin hut",
    "forest": "forest woods wood tree trees jungle pine birch path autumn fern deer fox bos bossen"
    " boom"
    " bomen oerwoud pad herfst hert vos wolf owl uil bear beer leaves bladeren",
    "city": "city town street skyline building buildings tower bridge night neon tokyo amsterdam"
    " paris"
    " york london station car metro stad straat gebouw gebouwen toren brug gracht grachten huizen"
    " house"
    " houses castle kasteel village dorp huis utrecht delfshaven cyberpunk futuristic tram",
    "night": "stars star galaxy aurora northern milky moon cosmos nebula planet space astronaut"
    " rocket"
    " universe sterren ster sterrenhemel noorderlicht maan heelal ruimte planeet raket saturn mars"
    " comet",
    "still": "still vase fruit apple apples pear lemon lemons bowl table bottle cup coffee tea"
    " flowers"
    " flower bouquet food breakfast candle book stilleven vaas appel appels peer citroen citroenen"
    " kom"
    " tafel fles kopje koffie thee bloem bloemen boeket eten ontbijt kaars boek kitchen keuken"
    " orange",
    "bust": "portrait woman man girl boy person face child people lady king queen knight warrior"
    " wizard"
    " princess model selfie headshot dancer portret vrouw meisje jongen mens gezicht kind mensen"
    " dame"
    " koning koningin ridder tovenaar prinses actor elf robot samurai monk character",
    "cat": "cat cats kitten kat katten poes kitty tabby",
    "geometric": "geometric bauhaus abstract shapes pattern circle circles cube minimal poster grid"
    " geometrisch abstract vormen patroon cirkel cirkels kubus modernist constructivism art deco"
    " logo",
    "stijl": "mondrian mondriaan stijl rietveld rectangles primary composition doesburg"
    " neoplasticism",
    "delft": "delft tile tiles delftware porcelain tegel tegels delfts ornament mandala majolica"
    " azulejo",
    "flow": "flow swirl wind silk dream fluid marble smoke hair current music energy lines fractal"
    " swirls"
    " stroom wervel droom vloeibaar marmer rook muziek lijnen gogh starry motion river wave",
    "watercolour": "watercolor watercolour wash blossom petals garden spring rose roses poppy"
    " poppies"
    " lavender aquarel bloesem tuin lente roos rozen klaproos klaprozen lavendel butterfly vlinder",
}

# Where nothing in the prompt is known; picked by chance.
ANY = ("coast", "hills", "polder", "flow", "watercolour", "geometric", "forest", "night")

# Scenes of clean edges, which no brush should go over.
GRAPHIC = ("geometric", "stijl", "delft", "flow", "watercolour")

LIGHTS: Mapping[str, str] = {
    "dawn": "dawn sunrise morning first early pastel dageraad zonsopgang ochtend ochtendlicht"
    " vroeg blush",
    "dusk": "dusk sunset evening golden hour cinematic schemering zonsondergang avond avondlicht"
    " gouden",
    "night": "night midnight moon moonlight stars neon dark nacht middernacht maan maanlicht"
    " sterren"
    " donker aurora noorderlicht",
    "mist": "mist fog foggy misty haze moody calm mistig nevel nevelig heiig stil",
    "storm": "storm stormy rain thunder dramatic shadows regen onweer dramatisch wolken cloudy"
    " gale",
    "snow": "snow winter ice frost cold sneeuw ijs vorst koud winters christmas kerst",
    "day": "day noon sunny summer bright blue clear dag middag zonnig zomer helder licht spring"
    " lente",
}

THINGS: Mapping[str, str] = {
    "lighthouse": "lighthouse vuurtoren beacon",
    "mill": "windmill mill mills molen molens windmills",
    "boat": "boat boats sail ship sailboat boot boten schip zeilboot zeil",
    "birds": "bird birds gull gulls crow goose geese vogel vogels meeuw meeuwen gans ganzen",
    "moon": "moon maan moonlight moonlit maanlicht",
    "tulips": "tulip tulips tulp tulpen",
    "dike": "dike dikes dijk dijken levee",
    "balloon": "balloon balloons ballon ballonnen luchtballon",
    "house": "house cabin cottage farm hut huis huisje boerderij home",
    "snow": "snow winter sneeuw snowy",
    "rain": "rain rainy regen regenachtig",
    "planet": "planet saturn mars planeet space ruimte astronaut",
    "aurora": "aurora northern noorderlicht lights",
    "canal": "amsterdam gracht grachten canal utrecht dutch hollandse",
    "autumn": "autumn fall herfst october november",
    "bicycle": "bicycle bike fiets fietsen cycling",
    "cow": "cow cows koe koeien",
    "fruit": "fruit apple apples appel appels lemon lemons citroen citroenen orange pear peer",
    "tree": "tree boom oak eik",
    "skyline": "skyline tower towers tokyo york london neon cyberpunk futuristic buildings flat"
    " toren",
}

_HUES: Mapping[str, str] = {
    "d63c31": "red rood rode crimson scarlet",
    "e8842c": "orange oranje copper",
    "efbe38": "yellow geel gele gold golden goud gouden",
    "3f8f55": "green groen groene emerald",
    "2f66b5": "blue blauw blauwe delft",
    "7d4ea6": "purple violet paars paarse lavender lila",
    "dd6f97": "pink roze rose magenta",
    "2aa39b": "teal turquoise cyan turkoois",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`scene` and `light` are "" where the prompt leaves them open; `colour` is a hex code."""

    scene: str
    light: str
    things: frozenset[str]
    colour: str


def read(prompt: str, *, negative: str = "") -> Subject:
    unwanted = set(_words(negative))
    words = [word for word in _words(prompt) if word not in unwanted]
    return Subject(
        scene=_most(words, SCENES),
        light=_most(words, LIGHTS),
        things=frozenset(_named(words, THINGS)),
        colour=_most(words, _HUES),
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _named(words: Iterable[str], table: Mapping[str, str]) -> list[str]:
    present = set(words)
    return [name for name, known in table.items() if present & set(known.split())]


def _most(words: Iterable[str], table: Mapping[str, str]) -> str:
    """The name with most hits; of equal ones that of the word that comes first."""
    order = list(words)
    best, best_score = "", (0, 0)
    for name, known in table.items():
        vocabulary = set(known.split())
        hits = [place for place, word in enumerate(order) if word in vocabulary]
        if hits and (len(hits), -hits[0]) > best_score:
            best, best_score = name, (len(hits), -hits[0])
    return best
