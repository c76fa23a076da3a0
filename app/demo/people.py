"""The invented people of the demo, and which roles of the playbook ray-medical they hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """A person of the demo. `role` is a role id of the playbook; `location` the id of a location, or empty."""

    name: str
    role: str
    location: str = ""

    @property
    def email(self) -> str:
        return self.name.lower().replace(" ", ".").replace("'", "") + "@demo.example.org"


DIRECTOR = Somebody("Dana Whitfield", "director")
ADMINISTRATOR = Somebody("Adam Marek", "")
CHAMPION = Somebody("Bengt Holm", "champion", "kestrel-ridge")
MANAGER = Somebody("Omar Haddad", "ops-manager")
IT_LEAD = Somebody("Ivo Tanaka", "it-lead")
EXECUTIVE = Somebody("Edith Okafor", "sponsor")

CARDS = (
    (DIRECTOR, "Operations director: the board, and everything behind it"),
    (CHAMPION, "Champion at Kestrel Ridge: Today, made for a phone"),
    (EXECUTIVE, "Executive sponsor: readiness at a glance"),
    (MANAGER, "Operations manager: all locations, no set-up"),
    (IT_LEAD, "IT lead: the own tasks at every location"),
    (ADMINISTRATOR, "Technical administrator: accounts, no plan"),
)
"""Who can sign in to the demo, and what they show; all others are there without a password."""

NETWORK = (
    DIRECTOR,
    MANAGER,
    IT_LEAD,
    EXECUTIVE,
    Somebody("Carla Toivonen", "cto"),
    Somebody("Hugo Lindqvist", "it-director"),
    Somebody("Marta Oyelaran", "billing-manager"),
    Somebody("Silas Whitcombe", "scheduling-coordinator"),
    Somebody("Greta Nakamura", "compliance-officer"),
    Somebody("Paul Adeyemi", "contracting-lead"),
    Somebody("Ruth Castellano", "systems-lead"),
    Somebody("Yusuf Brandt", "data-lead"),
    Somebody("Nell Harcourt", "dso-staff"),
    Somebody("Bram Osei", "dso-staff"),
    Somebody("Tomas Reyes", "billing-specialist"),
)
_AT = {
    "alder-quay": {
        "practice-manager": "Wilma Sorensen",
        "champion": "Chiara Amato",
        "lead-radiologist": "Leo Marchetti",
        "chief-technologist": "Priya Raman",
        "local-it": "Kofi Mensah",
    },
    "fenmoor": {
        "practice-manager": "Gordon Pryce",
        "champion": "Abena Boateng",
        "lead-radiologist": "Hana Novak",
        "chief-technologist": "Miguel Torres",
        "local-it": "Sunniva Dahl",
    },
    "kestrel-ridge": {
        "practice-manager": "Elaine Forsythe",
        "champion": CHAMPION.name,
        "lead-radiologist": "Samir Qureshi",
        "chief-technologist": "Judit Farkas",
        "local-it": "Declan Moore",
        "mentor": "Priya Raman",
    },
    "lark-hollow": {
        "practice-manager": "Rosa Delgado",
        "champion": "Finn Abernathy",
        "lead-radiologist": "Ingrid Voss",
        "chief-technologist": "Theo Papadakis",
        "local-it": "Asha Kulkarni",
        "mentor": "Miguel Torres",
    },
}
EVERYBODY = (
    *NETWORK,
    *(Somebody(name, role, place) for place, holders in _AT.items() for role, name in holders.items()),
)
