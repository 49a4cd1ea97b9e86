"""What the demo model truly knows: short explanations, and facts, in English and Dutch."""

# A paragraph of markdown is one line, however long.
# ruff: noqa: E501

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Essay:
    """`words` call for it; English and Dutch markdown."""

    words: str
    english: str
    dutch: str


ESSAYS = (
    Essay(
        "dike dikes dijk dijken levee polder polders flood overstroming",
        """A **dike** keeps water out by being heavy, watertight and slow to wash away.

1. **Core** of sand: cheap weight that stays put.
2. **Cover** of clay: keeps the sand dry and in place.
3. **Skin** of grass or stone: takes the blows of the waves.

> A dike rarely fails because water flows over it once. It fails because water finds a way *through* or *under* it.

The pressure it has to bear grows with the depth $h$ of the water:

$$
F = \\tfrac{1}{2}\\,\\rho\\,g\\,h^2
$$

so twice the depth means four times the force per metre of dike.[^1]

[^1]: With $\\rho \\approx 1000\\ \\text{kg/m}^3$ and $g \\approx 9.81\\ \\text{m/s}^2$.""",
        """Een **dijk** houdt water tegen door zwaar, waterdicht en moeilijk weg te spoelen te zijn.

1. **Kern** van zand: goedkoop gewicht dat blijft liggen.
2. **Deklaag** van klei: houdt het zand droog en op zijn plaats.
3. **Huid** van gras of steen: vangt de klappen van de golven op.

> Een dijk bezwijkt zelden doordat er één keer water overheen loopt, maar doordat water een weg *erdoor* of *eronder* vindt.

De druk groeit met de diepte $h$ van het water:

$$
F = \\tfrac{1}{2}\\,\\rho\\,g\\,h^2
$$

dus twee keer zo diep betekent vier keer zoveel kracht per meter dijk.[^1]

[^1]: Met $\\rho \\approx 1000\\ \\text{kg/m}^3$ en $g \\approx \\text{9,81}\\ \\text{m/s}^2$.""",
    ),
    Essay(
        "recursion recursive recursie recursief",
        """**Recursion** is solving a problem with a smaller version of itself. It needs two things:

- a **base case** that is answered at once,
- a **step** that comes closer to it.

```python
def depth(folder: dict) -> int:
    return 1 + max((depth(inner) for inner in folder.values()), default=0)
```

For `{"a": {"b": {}}, "c": {}}` it gives `3`: the folder, `a`, and `b` within it. Forget the base case and it never ends (or rather: it ends with a `RecursionError`).""",
        """**Recursie** is een probleem oplossen met een kleinere versie van zichzelf. Er zijn twee dingen nodig:

- een **basisgeval** met meteen een antwoord,
- een **stap** die daar dichterbij komt.

```python
def diepte(map: dict) -> int:
    return 1 + max((diepte(binnen) for binnen in map.values()), default=0)
```

Voor `{"a": {"b": {}}, "c": {}}` geeft dat `3`: de map zelf, `a`, en daarin `b`. Zonder basisgeval houdt het nooit op (of liever: het eindigt met een `RecursionError`).""",
    ),
    Essay(
        "photosynthesis fotosynthese chlorophyll bladgroen leaf plants planten",
        """**Photosynthesis** turns light, water and carbon dioxide into sugar and oxygen:

$$
6\\,CO_2 + 6\\,H_2O \\xrightarrow{\\ \\text{light}\\ } C_6H_{12}O_6 + 6\\,O_2
$$

1. In the *light reactions*, chlorophyll catches light and splits water. Oxygen leaves.
2. In the *Calvin cycle*, the energy kept from that builds sugar out of $CO_2$.

Leaves look green because chlorophyll uses red and blue light best, and sends much of the green back.""",
        """Bij **fotosynthese** worden licht, water en koolstofdioxide omgezet in suiker en zuurstof:

$$
6\\,CO_2 + 6\\,H_2O \\xrightarrow{\\ \\text{licht}\\ } C_6H_{12}O_6 + 6\\,O_2
$$

1. In de *lichtreacties* vangt bladgroen licht en splitst water. Zuurstof ontsnapt.
2. In de *Calvincyclus* bouwt de bewaarde energie suiker uit $CO_2$.

Bladeren zien groen omdat bladgroen vooral rood en blauw licht gebruikt en veel van het groen terugkaatst.""",
    ),
    Essay(
        "tide tides getij getijden eb vloed moon maan",
        """The **tides** come from the pull of the moon (and, about half as strongly, of the sun) being stronger on the near side of the earth than on the far side.

| Moon | Sun and moon | Tide |
|---|---|---|
| new, full | in line | **spring tide**: high highs, low lows |
| quarters | at right angles | **neap tide**: small differences |

High water returns after about 12 hours and 25 minutes, because the moon moves on while the earth turns.""",
        """De **getijden** ontstaan doordat de maan (en ongeveer half zo sterk de zon) harder trekt aan de nabije kant van de aarde dan aan de verre kant.

| Maan | Zon en maan | Getij |
|---|---|---|
| nieuw, vol | op één lijn | **springtij**: hoog hoog, laag laag |
| kwartieren | haaks | **doodtij**: kleine verschillen |

Na ongeveer 12 uur en 25 minuten is het weer hoogwater, omdat de maan doorloopt terwijl de aarde draait.""",
    ),
    Essay(
        "token tokens language model llm gpt chatgpt taalmodel tokeniser context",
        """A language model reads and writes in **tokens**: pieces of words.

- A common English word is usually *one* token; a rare or Dutch one is often cut in two or three.
- You pay for tokens **in** (the whole conversation so far) and tokens **out** (the answer).
- The model writes one token at a time, each chosen from probabilities:

$$
P(w_i) = \\frac{e^{z_i / T}}{\\sum_j e^{z_j / T}}
$$

Here $T$ is the *temperature*: low makes it careful, high makes it adventurous.""",
        """Een taalmodel leest en schrijft in **tokens**: stukjes van woorden.

- Een gewoon Engels woord is meestal *één* token; een zeldzaam of Nederlands woord vaak twee of drie.
- Je betaalt voor tokens **erin** (het hele gesprek tot nu toe) en tokens **eruit** (het antwoord).
- Het model schrijft token voor token, gekozen uit kansen:

$$
P(w_i) = \\frac{e^{z_i / T}}{\\sum_j e^{z_j / T}}
$$

Daarin is $T$ de *temperatuur*: laag maakt voorzichtig, hoog maakt avontuurlijk.""",
    ),
    Essay(
        "rainbow regenboog refraction",
        """A **rainbow** is sunlight that has been inside raindrops: bent going in, reflected at the back, bent again coming out. Each colour bends a little differently, and leaves at its own angle:

| Colour | Angle to your shadow |
|---|---:|
| red | about 42° |
| violet | about 40° |

That is why you only see it with the *sun behind you*, and why nobody else sees quite the same one.""",
        """Een **regenboog** is zonlicht dat in regendruppels is geweest: gebroken bij het binnengaan, weerkaatst achterin en weer gebroken bij het uittreden. Elke kleur breekt net iets anders:

| Kleur | Hoek met je schaduw |
|---|---:|
| rood | ongeveer 42° |
| violet | ongeveer 40° |

Daarom zie je hem alleen met de *zon in je rug*, en ziet niemand anders precies dezelfde.""",
    ),
    Essay(
        "websocket websockets http streaming sse socket server",
        """Three ways for a server to keep talking:

| | Direction | Good for |
|---|---|---|
| **Polling** | browser asks again and again | rare news |
| **Server-sent events** | server → browser, one long answer | streams of text |
| **WebSocket** | both ways, one open line | chats, games |

```js
const socket = new WebSocket("wss://example.org/live");
socket.onmessage = (event) => console.log(event.data);
```

Whichever you take: *expect the line to drop*, and number your messages so that both sides can pick up again.""",
        """Drie manieren waarop een server kan blijven praten:

| | Richting | Goed voor |
|---|---|---|
| **Polling** | browser vraagt steeds opnieuw | zeldzaam nieuws |
| **Server-sent events** | server → browser, één lang antwoord | stromen tekst |
| **WebSocket** | beide kanten op, één open lijn | chats, spellen |

```js
const socket = new WebSocket("wss://example.org/live");
socket.onmessage = (event) => console.log(event.data);
```

Wat je ook kiest: *reken erop dat de lijn wegvalt*, en nummer je berichten, zodat beide kanten weer verder kunnen.""",
    ),
    Essay(
        "inflation inflatie prices prijzen",
        """**Inflation** is money losing value: the same basket of goods costs more than a year ago.

$$
\\text{inflation} = \\frac{\\text{basket now} - \\text{basket then}}{\\text{basket then}} \\times 100\\%
$$

A basket that went from € 100 to € 103 means 3 %. At 3 % a year prices double in about 24 years, by the *rule of 72*: $72 / 3 = 24$.""",
        """Bij **inflatie** wordt geld minder waard: hetzelfde mandje kost meer dan een jaar geleden.

$$
\\text{inflatie} = \\frac{\\text{mandje nu} - \\text{mandje toen}}{\\text{mandje toen}} \\times 100\\%
$$

Een mandje dat van € 100 naar € 103 ging, betekent 3 %. Met 3 % per jaar verdubbelen prijzen in ongeveer 24 jaar, volgens de *regel van 72*: $72 / 3 = 24$.""",
    ),
)
