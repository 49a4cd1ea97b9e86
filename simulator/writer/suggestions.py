"""The answers to what the home page suggests to ask, in English and Dutch."""

# A paragraph of markdown is one line, however long.
# ruff: noqa: E501

from simulator.writer.recitation import Recitation

DIKES = Recitation(
    asked=(r"\bhaiku", r"\b(dikes?|dijk(en)?)\b", r"\b(function|functie)\b"),
    wants=frozenset({"poem", "code", "table", "explain"}),
    english="""> Grass above the sea,  \n> a long green line holds its breath;  \n> the tide leans on clay.

How hard does the tide lean? This **Python** function works out the push of still water on each metre of dike:

```python
def push_of_water(depth: float) -> float:
    \"\"\"Kilonewtons on one metre of dike, for water of so many metres deep.\"\"\"
    density, gravity = 1000, 9.81
    return round(density * gravity * depth**2 / 2 / 1000, 1)
```

Its results:

| Water depth (m) | Push (kN on each metre) |
|---:|---:|
| 1 | 4.9 |
| 2 | 19.6 |
| 3 | 44.1 |
| 4 | 78.5 |
| 5 | 122.6 |

The depth counts twice, once because deeper water presses harder and once because it presses over a greater height:

$$
F = \\tfrac{1}{2}\\,\\rho\\,g\\,h^2
$$

So twice the depth is **four times** the push. That is why a dike is so much wider at its foot than at its crest.""",
    dutch="""> De dijk ademt gras,  \n> het water leunt, wij slapen;  \n> laag licht op basalt.

Hoe hard leunt dat water? Deze **Python**-functie berekent de kracht van stilstaand water op elke meter dijk:

```python
def waterkracht(diepte: float) -> float:
    \"\"\"Kilonewton op één meter dijk, bij zoveel meter water.\"\"\"
    dichtheid, zwaartekracht = 1000, 9.81
    return round(dichtheid * zwaartekracht * diepte**2 / 2 / 1000, 1)
```

De uitkomsten:

| Waterdiepte (m) | Kracht (kN per meter) |
|---:|---:|
| 1 | 4,9 |
| 2 | 19,6 |
| 3 | 44,1 |
| 4 | 78,5 |
| 5 | 122,6 |

De diepte telt dubbel: dieper water drukt harder, en het drukt over een grotere hoogte:

$$
F = \\tfrac{1}{2}\\,\\rho\\,g\\,h^2
$$

Twee keer zo diep is dus **vier keer** zoveel kracht. Daarom is een dijk aan de voet zo veel breder dan aan de kruin.""",
)

TEXEL = Recitation(
    asked=(r"\bweekend", r"\btexel\b"),
    wants=frozenset({"plan", "list", "explain"}),
    english="""### A weekend on Texel{party}

**Friday evening**

- Take the ferry from Den Helder: about twenty minutes, no booking needed. You pay on the way there; the way back is included.
- Settle in and walk to the sea before dark.

**Saturday: dunes and north**

1. **Morning:** by bicycle through the dunes to *De Slufter*, where the sea comes in through the dunes at high tide. Wear boots or go barefoot.
2. **Midday:** soup or pancakes in De Cocksdorp, then up the *lighthouse* for the view over to Vlieland.
3. **Afternoon:** back along the Wadden side, past sheep and drying mud flats full of birds.
4. **Evening:** cook together. Texel lamb, asparagus in spring, or fish from the harbour.

**Sunday: seals and harbour**

1. **Morning:** the seals of *Ecomare* near De Koog, then a long walk on the beach.
2. **Afternoon:** the harbour of *Oudeschild*: museum Kaap Skil, or a trip on a shrimp boat.
3. **Late afternoon:** the ferry home. Gulls travel free.

### Packing list

For each of you:

- [ ] a windproof, waterproof jacket, and a warm jumper even in July
- [ ] shoes that may get wet, and dry ones for the evening
- [ ] swimming things and a towel
- [ ] a small rucksack and a water bottle
- [ ] a toothbrush, and what you take every day

To share:

- [ ] sun cream and plasters
- [ ] binoculars for birds and seals
- [ ] a cycle map or charged telephones, and one power bank
- [ ] good bicycle lights: the lanes are dark
- [ ] cards or a game for a wet evening
- [ ] coffee, breakfast and something sweet for the first morning

> Book bicycles and a bed early in summer, and look up the ferry's timetable, the tide and the opening hours just before you go.""",
    dutch="""### Een weekend op Texel{party}

**Vrijdagavond**

- Neem de boot vanuit Den Helder: een minuut of twintig, reserveren hoeft niet. Je betaalt op de heenweg; de terugweg zit erbij.
- Installeer je en loop voor donker nog even naar zee.

**Zaterdag: duinen en het noorden**

1. **Ochtend:** op de fiets door de duinen naar *De Slufter*, waar de zee bij hoogwater door de duinen naar binnen komt. Laarzen aan of blote voeten.
2. **Middag:** soep of pannenkoeken in De Cocksdorp, en daarna de *vuurtoren* op voor het uitzicht naar Vlieland.
3. **Namiddag:** terug langs de Waddenkant, langs schapen en droogvallend wad vol vogels.
4. **Avond:** samen koken. Texels lam, in het voorjaar asperges, of vis van de haven.

**Zondag: zeehonden en haven**

1. **Ochtend:** de zeehonden van *Ecomare* bij De Koog, en dan een lange strandwandeling.
2. **Middag:** de haven van *Oudeschild*: museum Kaap Skil, of een tocht mee met een garnalenkotter.
3. **Namiddag:** de boot naar huis. Meeuwen varen gratis mee.

### Paklijst

Voor ieder:

- [ ] een jas die tegen wind en regen kan, en ook in juli een warme trui
- [ ] schoenen die nat mogen worden, en droge voor de avond
- [ ] zwemkleren en een handdoek
- [ ] een rugzakje en een waterfles
- [ ] een tandenborstel, en wat je elke dag inneemt

Om te delen:

- [ ] zonnebrand en pleisters
- [ ] een verrekijker voor vogels en zeehonden
- [ ] een fietskaart of opgeladen telefoons, en één powerbank
- [ ] goede fietslampen: de weggetjes zijn donker
- [ ] kaarten of een spel voor een natte avond
- [ ] koffie, ontbijt en iets lekkers voor de eerste ochtend

> Boek fietsen en bedden in de zomer op tijd, en kijk vlak voor vertrek naar de dienstregeling van de boot, het getij en de openingstijden.""",
)

INTEREST = Recitation(
    asked=(r"\bcompound interest|\bsamengestelde (interest|rente)|\brente[ -]op[ -]rente",),
    wants=frozenset({"explain", "maths", "list", "table"}),
    english="""With **compound interest** you also get interest on the interest of earlier years. So the amount does not grow by the same sum every year, but by the same *factor*:

$$
A = P\\,(1 + r)^t
$$

- $P$ is what you begin with,
- $r$ is the interest in a year, as a fraction: 4 % is 0.04,
- $t$ is the number of years,
- $A$ is what it has become.

### An example

You put away € 1,000 at 4 % and leave it alone for ten years:

$$
A = 1000 \\times 1.04^{10} = 1480.24
$$

With *simple* interest, € 40 every year on the first thousand alone, it would be € 1,400. The € 80.24 above that is interest on interest. At first you hardly see the difference; then it runs away:

| Years | Simple (€) | Compound (€) |
|---:|---:|---:|
| 1 | 1,040.00 | 1,040.00 |
| 5 | 1,200.00 | 1,216.65 |
| 10 | 1,400.00 | 1,480.24 |
| 20 | 1,800.00 | 2,191.12 |
| 30 | 2,200.00 | 3,243.40 |

**A rule to remember:** divide 72 by the percentage and you have the years in which money doubles. At 4 % that is $72 / 4 = 18$ years; exactly, it is 17.7.

> It works against you just as well: a debt on which you pay nothing back grows by the same formula.""",
    dutch="""Bij **samengestelde interest**, of *rente op rente*, krijg je ook rente over de rente van eerdere jaren. Het bedrag groeit dus niet elk jaar met dezelfde som, maar met dezelfde *factor*:

$$
A = P\\,(1 + r)^t
$$

- $P$ is het bedrag waarmee je begint,
- $r$ is de rente per jaar als breuk: 4 % is 0,04,
- $t$ is het aantal jaren,
- $A$ is wat het geworden is.

### Een voorbeeld

Je zet € 1.000 weg tegen 4 % en laat het tien jaar staan:

$$
A = 1000 \\times \\text{1,04}^{10} = \\text{1480,24}
$$

Met *enkelvoudige* rente, elk jaar € 40 over alleen de eerste duizend, was het € 1.400 geworden. De € 80,24 daarboven is rente op rente. Eerst zie je het verschil nauwelijks, daarna loopt het snel op:

| Jaren | Enkelvoudig (€) | Samengesteld (€) |
|---:|---:|---:|
| 1 | 1.040,00 | 1.040,00 |
| 5 | 1.200,00 | 1.216,65 |
| 10 | 1.400,00 | 1.480,24 |
| 20 | 1.800,00 | 2.191,12 |
| 30 | 2.200,00 | 3.243,40 |

**Een vuistregel:** deel 72 door het percentage en je weet in hoeveel jaar geld verdubbelt. Bij 4 % is dat $72 / 4 = 18$ jaar; precies is het 17,7.

> Het werkt net zo goed tegen je: een schuld waarop je niets aflost, groeit volgens dezelfde formule.""",
)
