"""Heat pumps, and what else warms a house, in English and Dutch."""

# A paragraph of markdown is one line, however long.
# ruff: noqa: E501

from simulator.writer.recitation import Recitation

_HEAT_PUMP = r"\bheat[ -]?pumps?\b|\bwarmtepomp(en)?\b"
_BOILER = r"\bboilers?\b|\bfurnace\b|\b(cv-?|gas)?ketels?\b|\bdistrict heating\b|\bstadswarmte\b|\bwarmtenet\b"

HEATING = Recitation(
    asked=(_HEAT_PUMP, _BOILER),
    wants=frozenset({"compare", "table", "explain", "list"}),
    english="""| | **Heat pump** | **Gas boiler** | **District heating** |
|---|---|---|---|
| **Heat from** | outside air, ground or water, with some electricity | burning gas | hot water through a pipe in the street |
| **Heat for each kWh used** | 3 to 4 kWh | about 0.9 kWh | depends on the network |
| **To install** | dearest; needs room outside | cheapest | a connection, if the street has one |
| **Asks of the house** | good insulation, large radiators or floor heating | little | little |
| **CO₂** | low, and lower as the power gets cleaner | about 0.2 kg for each kWh of heat | depends on the source |
| **You depend on** | the price of electricity | the price of gas | one supplier |

**In short:** in a well-insulated house a heat pump usually costs least to run; where a network with a clean source passes the door, district heating is the least work. Let the state of your insulation decide, and ask for two quotes.""",
    dutch="""| | **Warmtepomp** | **Cv-ketel op gas** | **Stadswarmte** |
|---|---|---|---|
| **Warmte uit** | buitenlucht, bodem of water, met wat stroom | het verbranden van gas | heet water door een buis in de straat |
| **Warmte per verbruikte kWh** | 3 tot 4 kWh | ongeveer 0,9 kWh | hangt van het net af |
| **Aanleg** | het duurst; vraagt ruimte buiten | het goedkoopst | een aansluiting, als die in de straat ligt |
| **Vraagt van het huis** | goede isolatie, grote radiatoren of vloerverwarming | weinig | weinig |
| **CO₂** | laag, en lager naarmate de stroom schoner wordt | ongeveer 0,2 kg per kWh warmte | hangt van de bron af |
| **Je hangt af van** | de stroomprijs | de gasprijs | één leverancier |

**Kortom:** in een goed geïsoleerd huis is een warmtepomp in gebruik meestal het voordeligst; waar een net met een schone bron langs de deur loopt, geeft stadswarmte het minste werk. Laat je isolatie de doorslag geven, en vraag twee offertes.""",
)

HEAT_PUMP = Recitation(
    asked=(_HEAT_PUMP,),
    wants=frozenset({"explain", "list"}),
    english="""A **heat pump** is a refrigerator turned round: it takes heat from outside, where it is cold, and gives it off inside, where it is warm.

1. **Evaporate.** A liquid that boils far below freezing takes up heat from the outside air, the ground or water, and becomes a gas.
2. **Compress.** An electric compressor squeezes the gas, which makes it hot.
3. **Condense.** In the house the hot gas gives its heat to the radiators or the floor, and becomes liquid again.
4. **Expand.** A valve lets the pressure drop; the liquid is cold again, and the round begins anew.

The electricity only *moves* the heat. How well that goes is told by the coefficient of performance:

$$
\\text{COP} = \\frac{\\text{heat given off}}{\\text{electricity used}} \\approx 3 \\text{ to } 4
$$

The smaller the difference in temperature, the higher it is: hence the good insulation, and water of 35 °C in the floor rather than 70 °C in small radiators.""",
    dutch="""Een **warmtepomp** is een omgekeerde koelkast: hij haalt warmte van buiten, waar het koud is, en geeft die binnen af, waar het warm is.

1. **Verdampen.** Een vloeistof die ver onder nul al kookt, neemt warmte op uit buitenlucht, bodem of water en wordt gas.
2. **Samenpersen.** Een elektrische compressor perst het gas samen, en daardoor wordt het heet.
3. **Condenseren.** In huis geeft het hete gas zijn warmte aan radiatoren of vloer en wordt weer vloeistof.
4. **Ontspannen.** Een ventiel laat de druk zakken; de vloeistof is weer koud en de ronde begint opnieuw.

De stroom *verplaatst* de warmte alleen maar. Hoe goed dat gaat, zegt de COP:

$$
\\text{COP} = \\frac{\\text{afgegeven warmte}}{\\text{verbruikte stroom}} \\approx 3 \\text{ tot } 4
$$

Hoe kleiner het temperatuurverschil, hoe hoger: vandaar de goede isolatie, en liever water van 35 °C in de vloer dan van 70 °C in kleine radiatoren.""",
)
