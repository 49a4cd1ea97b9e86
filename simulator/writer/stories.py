"""Very short stories; {topic} is what they are about."""

STORIES = (
    (
        "### The keeper and the {topic}\n\n"
        "Every evening the keeper walked the dike to look at the {topic}. *Still there*, she"
        " wrote in "
        "her book, and went home to her soup.\n\n"
        "One evening it was not. She looked twice, wrote **gone** and underlined it, and sat"
        " down to wait.\n\n"
        "Just before dark a boy came up the slope, out of breath. “I only borrowed it,” he"
        " said.\n\n"
        "“Then write that down,” said the keeper, and handed him the pen.",
        "### A small thing about {topic}\n\n"
        "Nobody in the street knew where the {topic} had come from. It stood on the pavement"
        " on Monday, "
        "and by Tuesday it had a name.\n\n"
        "By Friday people greeted it. On Sunday somebody brought it a blanket.\n\n"
        "“It is only an idea,” said the postman. “Exactly,” said the street, “and it is"
        " **ours**.”",
    ),
    (
        "### De wachter en {topic}\n\n"
        "Elke avond liep de wachter de dijk op om naar {topic} te kijken. *Alles goed*,"
        " schreef ze in haar "
        "boek, en ging naar huis voor de soep.\n\n"
        "Op een avond was er niets te zien. Ze keek twee keer, schreef **weg** met een streep"
        " eronder, en "
        "ging zitten wachten.\n\n"
        "Vlak voor donker kwam er een jongen aanrennen. ‘Ik had het alleen geleend,’ zei"
        " hij.\n\n"
        "‘Schrijf dat dan op,’ zei de wachter, en gaf hem de pen.",
        "### Iets kleins over {topic}\n\n"
        "Niemand in de straat wist waar {topic} vandaan kwam. Maandag stond het op de stoep,"
        " en dinsdag "
        "had het een naam.\n\n"
        "Vrijdag groetten de mensen het. Zondag bracht iemand een deken.\n\n"
        "‘Het is maar een idee,’ zei de postbode. ‘Precies,’ zei de straat, ‘en het is **van"
        " ons**.’",
    ),
)
