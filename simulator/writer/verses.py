"""Lines of five and seven syllables, by theme and language."""

Lines = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

# Which words in a prompt call for which theme.
THEMES = {
    "water": "dike dikes dijk dijken sea zee water tide getij river rivier polder wad coast kust"
    " rain regen boat boot wave golf texel",
    "winter": "winter snow sneeuw ice ijs frost vorst cold kou kerst christmas december",
    "autumn": "autumn fall herfst leaves bladeren october oktober november chestnut kastanje",
    "city": "city stad tram street straat amsterdam traffic neon bike fiets fietsen metro utrecht"
    " rotterdam",
    "spring": "spring lente blossom bloesem flower bloem bloemen garden tuin bee bijen tulip"
    " tulpen cherry",
    "code": "code python javascript program bug software computer loop debugging programmeur"
    " developer test",
    "night": "night nacht moon maan star stars ster sterren owl uil dream droom sleep slaap",
}

ENGLISH: Lines = {
    "water": (
        (
            "Grass above the sea",
            "The tide leans on clay",
            "Sheep keep the green watch",
            "Low sun on wet stones",
            "Night wind, patient dike",
        ),
        (
            "a long green line holds its breath",
            "sheep walk where the waves once walked",
            "the water waits and we sleep",
        ),
    ),
    "winter": (
        (
            "Frost on the handrail",
            "Snow forgets the road",
            "One crow, then silence",
            "Low sun, long blue shade",
        ),
        ("breath goes out and turns to cloud", "the kettle sings to itself"),
    ),
    "autumn": (
        (
            "One leaf, then the rest",
            "Mist lies on the field",
            "Webs, heavy with dew",
            "Chestnuts in my coat",
        ),
        ("the tree counts what it has left", "the light goes home earlier"),
    ),
    "city": (
        (
            "Trams ring in the rain",
            "Neon on wet brick",
            "Bicycles asleep",
            "The last tram turns home",
        ),
        ("a window learns to be light", "strangers share one umbrella"),
    ),
    "spring": (
        (
            "The cherry lets go",
            "Bees rehearse the hedge",
            "First warm afternoon",
            "Mud and then a leaf",
        ),
        ("petals settle on my sleeve", "the whole garden hums one note"),
    ),
    "code": (
        (
            "One bracket missing",
            "The tests turn green now",
            "Cursor, blink, cursor",
            "Coffee, diff, coffee",
        ),
        ("all night the loop asks the same", "a small name explains it all"),
    ),
    "night": (
        (
            "Moon in the rain tub",
            "Stars over the shed",
            "An owl counts to one",
            "The lamp goes to bed",
        ),
        ("the dark has very good ears", "far off a train says goodnight"),
    ),
    "": (
        (
            "A door stands open",
            "Slow tea, slower light",
            "Nothing hurries here",
            "One thing at a time",
        ),
        ("the question sits down with us", "what was asked becomes the view"),
    ),
}

DUTCH: Lines = {
    "water": (
        (
            "De dijk ademt gras",
            "Schapen op de kruin",
            "Wind over het wad",
            "Laag licht op basalt",
        ),
        ("het water leunt, wij slapen", "klei en gras houden hun woord"),
    ),
    "winter": (
        (
            "Rijp op de leuning",
            "Sneeuw vergeet de weg",
            "Eén kraai, en dan niets",
            "Het ijs zingt zacht na",
        ),
        ("adem wordt een kleine wolk", "de ketel zingt voor zichzelf"),
    ),
    "autumn": (
        (
            "Blad na blad laat los",
            "Mist staat in de wei",
            "Spinrag, vol met dauw",
            "Kastanje, glanzend",
        ),
        ("de boom telt wat hij nog heeft", "het licht gaat vroeger naar huis"),
    ),
    "city": (
        (
            "Trams in de regen",
            "Licht op natte steen",
            "De fietsen slapen",
            "Laatste tram naar huis",
        ),
        ("één paraplu voor ons twee", "het raam leert hoe licht te zijn"),
    ),
    "spring": (
        ("De kers laat los, kijk", "Bijen in de haag", "Eerste warme dag", "Modder, dan een blad"),
        ("bloesem landt zacht op mijn mouw", "de hele tuin zoemt zachtjes"),
    ),
    "code": (
        (
            "Eén haakje te kort",
            "De tests worden groen",
            "Cursor knippert stil",
            "Koffie, en nog eens",
        ),
        ("de lus vraagt steeds hetzelfde", "een goede naam legt het uit"),
    ),
    "night": (
        (
            "Maan in een emmer",
            "Sterren op het dak",
            "Een uil telt tot één",
            "De lamp gaat naar bed",
        ),
        ("het donker luistert heel goed", "ver weg roept een late trein"),
    ),
    "": (
        (
            "De deur staat open",
            "Trage thee, traag licht",
            "Niets heeft hier nog haast",
            "Eén ding tegelijk",
        ),
        ("de vraag komt er ook bij staan", "wie vraagt, ziet al wat meer licht"),
    ),
}
