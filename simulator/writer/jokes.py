"""Clean jokes, English and Dutch."""

JOKES = (
    (
        "Why do programmers mix up Halloween and Christmas?\n\nBecause `oct 31 == dec 25`.",
        "A dike walks into a bar. *“The usual?”* asks the barman. *“Yes,”* says the dike, *“hold"
        " the water.”*",
        "There are **10** kinds of people: those who read binary, and those who do not.",
    ),
    (
        "Waarom halen programmeurs Halloween en Kerst door elkaar?\n\nOmdat `oct 31 == dec 25`.",
        "Wat zegt een dijk tegen de zee? *‘Tot hier, en dat meen ik.’*",
        "Er zijn **10** soorten mensen: wie binair leest, en wie niet.",
    ),
)
