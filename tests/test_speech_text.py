"""Danish text made speakable."""

import pytest

from voicebot.speech_text import sentences


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("  \n ", ()),
        ("Et øjeblik.", ("Et øjeblik.",)),
        ("Vi åbner kl. 9.30. Vi lukker kl. 14.", ("Vi åbner kl. 9.30.", "Vi lukker kl. 14.")),
        ("Du skal bruge f.eks. dit pas.", ("Du skal bruge f.eks. dit pas.",)),
        ("Det er d. 12. maj 2026. Husk det!", ("Det er d. 12. maj 2026.", "Husk det!")),
        ("Ring 46 31 30 00. Så hjælper vi.", ("Ring 46 31 30 00.", "Så hjælper vi.")),
        ("Det koster 893 kr. Du betaler med kort.", ("Det koster 893 kr.", "Du betaler med kort.")),
        ("Det koster 893 kr. for voksne.", ("Det koster 893 kr. for voksne.",)),
        ("Tag papirer mv. med. Og pas osv. Så går det.", ("Tag papirer mv. med.", "Og pas osv.", "Så går det.")),
        ("Hvad? Ja! Nå … Godt.", ("Hvad?", "Ja!", "Nå …", "Godt.")),
        (
            "Det tager ca. 3 uger, dvs. længe. Jf. § 5, stk. 2. Slut",
            ("Det tager ca. 3 uger, dvs. længe.", "Jf. § 5, stk. 2.", "Slut"),
        ),
        ("Første linje\nfortsætter.\n\nNyt afsnit", ("Første linje fortsætter.", "Nyt afsnit")),
        ("Gå ind på borger.dk. Vælg pas.", ("Gå ind på borger.dk.", "Vælg pas.")),
        ('Sig "pas." Så hjælper vi.', ('Sig "pas."', "Så hjælper vi.")),
        ("I må gerne. I Roskilde bor H. C. Andersen.", ("I må gerne.", "I Roskilde bor H. C. Andersen.")),
        ("Vi bor på 2. sal. Kom op.", ("Vi bor på 2. sal.", "Kom op.")),
    ],
)
def test_sentences(text: str, pieces: tuple[str, ...]) -> None:
    assert sentences(text) == pieces
