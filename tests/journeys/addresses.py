"""The main pages by who opens them: what every check of all pages goes through."""

INSPECTOR = [
    "/visits",
    "/visits?text=nowhere",
    "/clinics",
    "/clinics?text=nowhere",
    "/clinics/{clinic}",
    "/clinics/{clinic}/edit",
    "/clinics/{clinic}/start",
    "/clinics/{clinic}/practitioners/new",
    "/clinics/{clinic}/papers",
    "/clinics/{clinic}/papers/new",
    "/clinics/{clinic}/wall",
    "/clinics/{clinic}/clocks",
    "/clinics/{clinic}/lots",
    "/lots?lot=DL-3R",
    "/visits/{visit}",
    "/visits/{visit}/set-up",
    "/visits/{visit}/former",
    "/visits/{visit}/sections/people",
    "/visits/{visit}/sections/sterilisation",
    "/visits/{visit}/items/permit.facility-posted/photos",
    "/visits/{visit}/check",
    "/visits/{visit}/result",
    "/visits/{visit}/set-aside",
    "/visits/{sealed}",
    "/visits/{sealed}/hand-over",
    "/checklists",
    "/checklists/smp-clinic-inspection/us-ca/1",
    "/checklists/smp-clinic-inspection/us-ca/1?against=smp-clinic-inspection/us/1",
    "/account",
    "/help",
    "/people",
    "/nothing-here",
]
ADMINISTRATOR = ["/people", "/people/new", "/people/{person}", "/agency", "/agency/logo", "/visits/{visit}"]
OWNER = ["/visits", "/clinics", "/clinics/{clinic}", "/reminders"]
NOBODY = ["/sign-in", "/set-up?key=x", "/new-password?key={link}"]
PAGES = {"inspector": [*INSPECTOR, "/design"], "administrator": ADMINISTRATOR, "owner": OWNER, "": NOBODY}
