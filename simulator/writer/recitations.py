"""Whole answers to what newcomers often ask, in English and Dutch."""

# A paragraph of markdown is one line, however long.
# ruff: noqa: E501

from simulator.writer.heating import HEAT_PUMP, HEATING
from simulator.writer.recitation import Recitation
from simulator.writer.suggestions import DIKES, INTEREST, TEXEL

_CHILD = r"\b(year[ -]olds?|kids?|child(ren)?|toddler|kind(eren)?|jarigen?|tienjarigen?|jaar)\b"

PHOTOSYNTHESIS_FOR_A_CHILD = Recitation(
    asked=(r"\bphotosynthesis\b|\bfotosynthese\b", _CHILD),
    wants=frozenset({"explain"}),
    english="""Plants cannot walk to the kitchen. So they make their own food, in their leaves, and that is called **photosynthesis**. (*Photo* means light, *synthesis* means putting together.)

A leaf is a tiny kitchen:

- 💧 **Water** comes up from the roots, through the stem.
- 💨 **Air** comes in through holes too small to see. The leaf picks one gas out of it: carbon dioxide, the gas that you breathe out.
- ☀️ **Sunlight** is the fire under the pan. The green stuff in the leaf, *chlorophyll*, catches it.

Out come two things: **sugar**, which the plant eats and grows from, and **oxygen**, which it does not need and lets go. Luckily for you, because that is what you breathe in.

So you and a tree swap air all day long.

**Try it:** put some pondweed in a glass of water in the sun. The little bubbles that appear are mostly oxygen!""",
    dutch="""Planten kunnen niet naar de keuken lopen. Daarom maken ze zelf hun eten, in hun bladeren, en dat heet **fotosynthese**. (*Foto* betekent licht, *synthese* betekent samenvoegen.)

Een blad is een piepklein keukentje:

- 💧 **Water** komt uit de wortels omhoog door de stengel.
- 💨 **Lucht** komt binnen door gaatjes die je niet ziet. Het blad vist er één gas uit: koolstofdioxide, het gas dat jij uitademt.
- ☀️ **Zonlicht** is het vuur onder de pan. Het groene spul in het blad, *bladgroen*, vangt het op.

Er komen twee dingen uit: **suiker**, waar de plant van eet en groeit, en **zuurstof**, die hij niet nodig heeft en loslaat. Gelukkig voor jou, want die adem jij weer in.

Jij en een boom ruilen dus de hele dag lucht.

**Probeer maar:** zet wat waterpest in een glas water in de zon. De belletjes die verschijnen, zijn vooral zuurstof!""",
)

PACKING = Recitation(
    asked=(r"\bpacking list\b|\bwhat (should i|to) pack\b|\b(in)?paklijst(je)?\b",),
    wants=frozenset({"list", "plan", "explain"}),
    english="""### Packing list

**Papers and money**

- [ ] passport or identity card, tickets, insurance card
- [ ] bank card and a little cash

**Clothes**, for as many days as you go and at most a week

- [ ] underwear and socks, one more than the number of days
- [ ] two pairs of trousers, tops in layers, one warm jumper
- [ ] a jacket that keeps out rain
- [ ] shoes to walk in, and sandals or slippers
- [ ] nightclothes, swimming things

**Care**

- [ ] toothbrush and toothpaste, soap, a towel
- [ ] medicines, plasters, sun cream

**Things**

- [ ] telephone, charger, power bank, and a plug adapter abroad
- [ ] water bottle, something to read, a game

**Only for camping**

- [ ] tent with pegs and a mallet, sleeping bag, mat, pillow
- [ ] stove, fuel, lighter, pan, mug, plate, cutlery, knife
- [ ] torch, washing-up things, clothes line, bin bags

> Put it all on the bed first, and take one thing in five away again.""",
    dutch="""### Paklijst

**Papieren en geld**

- [ ] paspoort of identiteitskaart, kaartjes, zorgpas
- [ ] pinpas en wat contant geld

**Kleren**, voor zoveel dagen als je weg bent en hooguit een week

- [ ] ondergoed en sokken, één meer dan het aantal dagen
- [ ] twee broeken, bovenkleding in laagjes, één warme trui
- [ ] een jas die regen tegenhoudt
- [ ] schoenen om op te lopen, en sandalen of slippers
- [ ] nachtkleding, zwemspullen

**Verzorging**

- [ ] tandenborstel en tandpasta, zeep, een handdoek
- [ ] medicijnen, pleisters, zonnebrand

**Spullen**

- [ ] telefoon, oplader, powerbank, en in het buitenland een verloopstekker
- [ ] waterfles, iets te lezen, een spelletje

**Alleen bij kamperen**

- [ ] tent met haringen en een hamer, slaapzak, matje, kussen
- [ ] brander, brandstof, aansteker, pan, beker, bord, bestek, mes
- [ ] zaklamp, afwasspullen, waslijn, vuilniszakken

> Leg eerst alles op bed, en haal er dan één op de vijf weer af.""",
)

BIRTHDAY = Recitation(
    asked=(r"\bbirthday|\bverjaar(t|dag)|\bjarig",),
    wants=frozenset({"poem"}),
    english="""### For your birthday

> The kettle hums, the candles stand,  \n> there's torn-off paper close at hand,  \n> and every chair pulled to the table  \n> leans in as close as it is able.
>
> Another year has come to call,  \n> and hung its picture in the hall:  \n> the walks, the jokes, the rain, the sun,  \n> the things you said, the things you've done.
>
> So blow them out and make it bright,  \n> the wish you wish for us tonight.  \n> We have our own, and it is true:  \n> another year as good as you.""",
    dutch="""### Voor je verjaardag

> De slingers hangen, koffie staat klaar,  \n> we zitten al vroeg aan tafel bij elkaar.  \n> De taart heeft kaarsjes, de kamer ruikt zoet,  \n> en iemand zingt vals, maar bedoelt het heel goed.
>
> Zo gaat er een jaar, en een nieuw komt eraan  \n> met dingen te doen en met wegen te gaan.  \n> Wat was, nemen we mee, in een lach, in een lied,  \n> en wat komen gaat, kennen we gelukkig nog niet.
>
> Dus blaas maar en wens maar, en zeg het niet luid:  \n> wat je wenst in de stilte, komt vaak nog wel uit.  \n> En wij wensen jou, met een zoen en een groet,  \n> een jaar dat zo goed is als jij ons steeds doet.""",
)

POSTCODE = Recitation(
    asked=(
        r"\bregex|\bregular expression|\breguliere expressie",
        r"\bpost ?codes?\b|\bpostal code|\bzip",
    ),
    wants=frozenset({"code", "explain", "list"}),
    english="""For **Dutch postcodes**, four digits and two capitals such as `1012 AB`:

```regex
^[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}$
```

| Part | Means |
|---|---|
| `[1-9][0-9]{3}` | four digits, the first of them not 0 |
| ` ?` | a space, or none |
| `(?!SA\\|SD\\|SS)` | not one of the three pairs of letters that are never given out |
| `[A-Z]{2}` | two capitals |

It says yes to `1012 AB` and `9999ZZ`, and no to `0123 AB`, `1012 SS` and `1012 ab`. To allow small letters too, make the expression ignore case. It checks the *form*; whether the postcode exists, only a list of addresses knows.""",
    dutch="""Voor **Nederlandse postcodes**, vier cijfers en twee hoofdletters zoals `1012 AB`:

```regex
^[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}$
```

| Deel | Betekent |
|---|---|
| `[1-9][0-9]{3}` | vier cijfers, waarvan het eerste geen 0 is |
| ` ?` | een spatie, of geen |
| `(?!SA\\|SD\\|SS)` | niet een van de drie lettercombinaties die nooit worden uitgegeven |
| `[A-Z]{2}` | twee hoofdletters |

Dat zegt ja tegen `1012 AB` en `9999ZZ`, en nee tegen `0123 AB`, `1012 SS` en `1012 ab`. Mogen kleine letters ook, laat de expressie dan hoofdletters negeren. Ze controleert de *vorm*; of de postcode bestaat, weet alleen een lijst met adressen.""",
)

ABSENCE = Recitation(
    asked=(
        r"\bschool\b|\bteacher\b|\b(juf|meester|leraar|lerares|docent)\b",
        r"\b(ill|sick|unwell|fever|absent|ziek|koorts|afwezig|ziekmelding)\b",
    ),
    wants=frozenset({"email"}),
    english="""**Subject:** *name of your child*, *class*: ill today

Dear teacher,

This morning my child *name*, from class *class*, is ill and cannot come to school. I will let you know tomorrow before half past eight whether that has changed.

Would you keep the work for when *name* is better? If there is something that cannot wait, a classmate may bring it round.

Thank you, and kind regards,

*your name*  \n*your telephone number*""",
    dutch="""**Onderwerp:** *naam van je kind*, *groep of klas*: vandaag ziek

Beste juf of meester,

Mijn kind *naam*, uit *groep of klas*, is vanochtend ziek en kan niet naar school komen. Morgen laat ik voor half negen weten of dat veranderd is.

Wilt u het werk bewaren tot *naam* weer beter is? Als iets niet kan wachten, mag een klasgenoot het langsbrengen.

Dank u wel, en vriendelijke groet,

*je naam*  \n*je telefoonnummer*""",
)

ABILITIES = Recitation(
    asked=(
        r"\bwhat (can|do) you (do|know|offer)\b|\bwho are you\b|\bwhat are you\b|^\W*help\W*$"
        r"|\bwat (kun|kan) (je|jij|u)( allemaal| zoal)?\W*$|\bwie (ben|bent) (je|jij|u)\b"
        r"|\bhow can you help\b|\bwaarmee kun je helpen\b",
    ),
    wants=frozenset({"explain", "list"}),
    english="""I am the **demo model** of this server. No key is set yet, so I stand in for the real models: everything on this page works as it will later, and nothing costs real money. I am no language model, but a few things I do well:

- **Calculate:** *What is 17% of 2,350?*
- **Show code** with results that are true: *A Python function for leap years, with a table*
- **Explain** a handful of subjects: *How does a heat pump work?*, *Explain the tides*
- **Compare:** *What is the difference between TCP and UDP?*
- **Write:** *A haiku about winter*, *A birthday poem*, *An e-mail to my landlord about the heating*
- **Plan:** *A weekend on Texel for four, with a packing list*
- **Count and summarise** a text that you paste after a colon

I answer in English and in Dutch. What I do not know, I say.""",
    dutch="""Ik ben het **demomodel** van deze server. Er is nog geen sleutel ingesteld, dus val ik in voor de echte modellen: alles op deze pagina werkt zoals het straks werkt, en niets kost echt geld. Een taalmodel ben ik niet, maar een paar dingen kan ik goed:

- **Rekenen:** *Hoeveel is 17% van 2.350?*
- **Code laten zien** met uitkomsten die kloppen: *Een Python-functie voor schrikkeljaren, met een tabel*
- Een handvol onderwerpen **uitleggen:** *Hoe werkt een warmtepomp?*, *Leg de getijden uit*
- **Vergelijken:** *Wat is het verschil tussen TCP en UDP?*
- **Schrijven:** *Een haiku over de winter*, *Een verjaardagsgedicht*, *Een e-mail aan mijn huisbaas over de verwarming*
- **Plannen:** *Een weekend op Texel voor vier, met een paklijst*
- Een tekst **tellen en samenvatten** die je na een dubbele punt plakt

Ik antwoord in het Nederlands en in het Engels. Wat ik niet weet, zeg ik.""",
)

# In the order in which they are tried: the closer ones first.
RECITATIONS = (
    DIKES,
    TEXEL,
    INTEREST,
    HEATING,
    HEAT_PUMP,
    PHOTOSYNTHESIS_FOR_A_CHILD,
    PACKING,
    BIRTHDAY,
    POSTCODE,
    ABSENCE,
    ABILITIES,
)
