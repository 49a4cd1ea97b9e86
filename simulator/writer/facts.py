"""Single facts, asked for by two or three words together."""

# A paragraph of markdown is one line, however long.
# ruff: noqa: E501

# words that must all be there (any of those joined by |) · English · Dutch
FACTS = (
    (("largest|biggest|grootste", "state|staat", "u.s|us|usa|america|amerika|area|states"),
     "**Alaska** is the largest U.S. state by area: about 1.72 million km² (665,000 square miles),"
     " more than twice the size of Texas.",
     "**Alaska** is de grootste staat van de VS: ongeveer 1,72 miljoen km², meer dan twee keer zo"
     " groot als Texas."),
    (("largest|biggest|grootste", "planet|planeet"),
     "**Jupiter** is the largest planet of the solar system: about eleven times as wide as the"
     " earth.",
     "**Jupiter** is de grootste planeet van het zonnestelsel: ongeveer elf keer zo breed als de"
     " aarde."),
    (("longest|langste", "river|rivier"),
     "Usually the **Nile** is named, at some 6,650 km; the Amazon comes close, and by some"
     " measurements beats it.",
     "Meestal wordt de **Nijl** genoemd, met zo'n 6650 km; de Amazone komt in de buurt en wint"
     " volgens sommige metingen."),
    (("highest|tallest|hoogste", "mountain|berg"),
     "**Mount Everest**, 8,849 m above the sea.", "De **Mount Everest**, 8849 m boven zee."),
    (("highest|hoogste", "netherlands|nederland|point|punt"),
     "The **Vaalserberg**, 322.4 m, is the highest point of the European Netherlands.",
     "De **Vaalserberg** is met 322,4 m het hoogste punt van Europees Nederland."),
    (("speed|snelheid", "light|licht"),
     "Light travels at exactly **299,792,458 m/s** in a vacuum: $c \\approx 3 \\times 10^8\\"
     " \\text{m/s}$.",
     "Licht gaat in vacuüm precies **299.792.458 m/s**: $c \\approx 3 \\times 10^8\\ \\text{m/s}$."),
    (("distance|far|afstand|ver", "moon|maan"),
     "The moon is on average **384,400 km** away; light takes about 1.3 seconds.",
     "De maan staat gemiddeld **384.400 km** ver; licht doet daar ongeveer 1,3 seconde over."),
    (("boil|boiling|kookpunt|kookt", "water"),
     "At sea level water boils at **100 °C** (212 °F); on a high mountain at less.",
     "Op zeeniveau kookt water bij **100 °C**; op een hoge berg bij minder."),
    (("days|dagen", "year|jaar"),
     "A common year has **365** days, a leap year **366**; the earth needs about 365.2422.",
     "Een gewoon jaar heeft **365** dagen, een schrikkeljaar **366**; de aarde doet er ongeveer"
     " 365,2422 over."),
    (("romans|roman|romeinen", "rhine|rijn|rijndelta", "delta|rijndelta"),
     "The Romans called the land between the arms of the Rhine **Insula Batavorum**, the island of"
     " the Batavians. Their border, the *limes*, ran along its northern arm.",
     "De Romeinen noemden het land tussen de Rijnarmen **Insula Batavorum**, het eiland van de"
     " Bataven. Hun grens, de *limes*, liep langs de noordelijke arm."),
)  # fmt: skip

# Country, in English | Dutch, and its capital, English | Dutch.
CAPITALS = {
    "netherlands|nederland": "Amsterdam",
    "belgium|belgië": "Brussels|Brussel",
    "germany|duitsland": "Berlin|Berlijn",
    "france|frankrijk": "Paris|Parijs",
    "spain|spanje": "Madrid",
    "portugal|portugal": "Lisbon|Lissabon",
    "italy|italië": "Rome",
    "austria|oostenrijk": "Vienna|Wenen",
    "denmark|denemarken": "Copenhagen|Kopenhagen",
    "sweden|zweden": "Stockholm",
    "norway|noorwegen": "Oslo",
    "finland|finland": "Helsinki",
    "poland|polen": "Warsaw|Warschau",
    "greece|griekenland": "Athens|Athene",
    "ireland|ierland": "Dublin",
    "japan|japan": "Tokyo|Tokio",
    "canada|canada": "Ottawa",
    "australia|australië": "Canberra",
    "brazil|brazilië": "Brasília|Brasilia",
    "indonesia|indonesië": "Jakarta",
    "suriname|suriname": "Paramaribo",
    "turkey|turkije": "Ankara",
    "switzerland|zwitserland": "Bern",
    "ukraine|oekraïne": "Kyiv|Kyiv",
}

# Pairs that can be compared truly: words of each side, and rows of English | Dutch.
PAIRS = (
    ("python", "javascript", (
        ("Where it runs | Waar het draait", "servers, scripts, science | servers, scripts,"
                                            " wetenschap", "every browser, and servers | elke"
                                                           " browser, en servers"),
        ("Blocks | Blokken", "by indentation | door inspringen", "by braces | door accolades"),
        ("First appeared | Verscheen in", "1991 | 1991", "1995 | 1995"),
        ("Whole numbers | Gehele getallen", "as long as you like | zo lang als je wilt", "exact to $2^{53}$, then `BigInt` | exact tot $2^{53}$, daarna `BigInt`"),
        ("Pick it for | Kies het voor", "data, automation, teaching | data, automatisering, les", "anything in a web page | alles op een webpagina"),
    )),
    ("sqlite", "postgresql|postgres", (
        ("Shape | Vorm", "a library and one file | een bibliotheek en één bestand", "a server | een server"),
        ("Writers at once | Schrijvers tegelijk", "one | één", "many | veel"),
        ("To set up | Opzetten", "nothing | niets", "a service, users, backups | een dienst,"
                                                    " gebruikers, back-ups"),
        ("Pick it for | Kies het voor", "apps, small sites, tests | apps, kleine sites, tests", "many processes and machines | veel processen en machines"),
    )),
    ("train|trein", "plane|vliegtuig|flying|vliegen", (
        ("City to city | Van stad tot stad", "centre to centre | centrum tot centrum", "airports outside | luchthavens erbuiten"),
        ("Fastest up to | Het snelst tot", "about 600 km | zo'n 600 km", "beyond that | daarboven"),
        ("CO₂ | CO₂", "low | laag", "high | hoog"),
        ("Luggage | Bagage", "what you can carry | wat je kunt dragen", "weighed and limited |"
                                                                        " gewogen en beperkt"),
    )),
    ("tea|thee", "coffee|koffie", (
        ("Caffeine a cup | Cafeïne per kop", "30 to 50 mg | 30 tot 50 mg", "80 to 120 mg | 80 tot"
                                                                           " 120 mg"),
        ("Water | Water", "70 to 100 °C | 70 tot 100 °C", "90 to 96 °C | 90 tot 96 °C"),
        ("Made of | Gemaakt van", "leaves | bladeren", "roasted seeds | gebrande zaden"),
        ("Takes | Duurt", "2 to 5 minutes | 2 tot 5 minuten", "half a minute to 4 | een halve tot"
                                                              " 4 minuten"),
    )),
    ("cat|cats|kat|katten", "dog|dogs|hond|honden", (
        ("Walks | Uitlaten", "by itself | vanzelf", "two or three times a day | twee of drie keer"
                                                    " per dag"),
        ("Sleep | Slaap", "12 to 16 hours | 12 tot 16 uur", "12 to 14 hours | 12 tot 14 uur"),
        ("Alone at home | Alleen thuis", "fine for a day | een dag gaat goed", "a few hours | een"
                                                                               " paar uur"),
        ("Comes when called | Komt op roepen", "perhaps | misschien", "usually | meestal"),
    )),
    ("tcp", "udp", (
        ("Connection | Verbinding", "made first, with a handshake | eerst gelegd, met een"
                                    " handdruk", "none: just send | geen: gewoon sturen"),
        ("Delivery | Bezorging", "everything, in order; what is lost is sent again | alles, op"
                                 " volgorde; wat verloren gaat komt opnieuw",
         "each packet by itself; it may be lost, doubled or late | elk pakketje apart; het kan"
         " wegraken, dubbel komen of te laat zijn"),
        ("Pace | Tempo", "slows down when the network is full | gaat langzamer als het netwerk vol"
                         " zit", "as fast as the program sends | zo snel als het programma stuurt"),
        ("Header | Kop", "20 to 60 bytes | 20 tot 60 bytes", "8 bytes | 8 bytes"),
        ("Used by | Gebruikt door", "web pages (HTTP/1 and 2), e-mail, SSH | webpagina's (HTTP/1 en"
                                    " 2), e-mail, SSH", "DNS, calls, games, HTTP/3 by way of QUIC |"
                                                        " DNS, bellen, spellen, HTTP/3 via QUIC"),
        ("Pick it for | Kies het voor", "what must arrive whole | wat heel moet aankomen",
         "what is worthless when late | wat te laat niets meer waard is"),
    )),
)  # fmt: skip

# Whole sentences, English=Dutch.
PHRASES = dict(
    pair.split("=")
    for pair in (
        "good morning=goedemorgen", "good evening=goedenavond", "good night=welterusten",
        "how are you=hoe gaat het met je", "my name is anna=ik heet Anna",
        "where is the train station=waar is het treinstation",
        "where is the station=waar is het station", "where do you live=waar woon je",
        "what is your name=hoe heet je", "what time is it=hoe laat is het",
        "how much does it cost=hoeveel kost het", "thank you=dank je wel",
        "thank you very much=hartelijk dank", "i love you=ik hou van je",
        "see you tomorrow=tot morgen", "nice to meet you=aangenaam kennis te maken",
        "happy birthday=gefeliciteerd met je verjaardag", "i do not understand=ik begrijp het niet",
        "the weather is beautiful today=het is mooi weer vandaag",
        "the cat sleeps on the chair=de kat slaapt op de stoel", "have a nice day=fijne dag nog",
        "i would like a coffee=ik wil graag een koffie", "get well soon=beterschap",
    )
)  # fmt: skip

# English and Dutch words for the small dictionary.
DICTIONARY = dict(
    pair.split("=")
    for pair in str.split("""
    the=de a=een an=een and=en or=of not=niet is=is are=zijn was=was i=ik you=jij he=hij she=zij
    we=wij they=zij my=mijn your=jouw our=onze this=dit that=dat here=hier there=daar yes=ja
    no=nee good=goed bad=slecht big=groot small=klein new=nieuw old=oud beautiful=mooi
    quiet=stil fast=snel slow=langzaam today=vandaag tomorrow=morgen yesterday=gisteren
    morning=ochtend evening=avond night=nacht day=dag week=week year=jaar time=tijd water=water
    sea=zee dike=dijk land=land house=huis street=straat city=stad village=dorp school=school
    work=werk money=geld book=boek letter=brief word=woord language=taal question=vraag
    answer=antwoord friend=vriend mother=moeder father=vader child=kind children=kinderen
    man=man woman=vrouw cat=kat dog=hond bird=vogel tree=boom flower=bloem bread=brood
    cheese=kaas coffee=koffie tea=thee milk=melk hello=hallo goodbye=tot-ziens thanks=bedankt
    please=alsjeblieft with=met without=zonder in=in on=op under=onder to=naar from=van for=voor
    of=van at=bij have=hebben has=heeft go=gaan come=komen see=zien read=lezen write=schrijven
    speak=spreken eat=eten drink=drinken sleep=slapen like=houden-van love=liefde want=willen
    can=kunnen must=moeten train=trein station=station bicycle=fiets boat=boot weather=weer rain=regen sun=zon
    wind=wind snow=sneeuw how=hoe what=wat where=waar when=wanneer why=waarom who=wie one=één
    two=twee three=drie very=heel
    """)
)
