"""The words that tell one kind of question from another, and those that send it to the FAQ.

All in lower case. A word allowed for a kind is not blocked there; see `lookup.py`.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLER: Final = _words(
    """
    a an the this that these those is are was were be been am it its it's im i'm i my me mine we
    us our you your ur u they them their there's there here theres do does did doing done can
    could would will should shall may might to of for in on at by with from as and so but if then
    than just pls plz please thanks thank ta cheers hi hiya hello hey ok okay well now today
    currently nowadays days presently really actually exactly roughly about around approx
    approximately some any all each per one ones too also like mate love sir team guys tell know
    want wanna wants wish like'd i'd id ill looking look thinking wondering wonder wondered ask
    asking question quick curious interested considering gonna going hoping planning plan maybe
    perhaps because cos cuz only still yet what whats what's wats wat wot who whos who's which
    whch how hows how's when where wheres something someone somebody anyone anybody everyone
    people person ppl men women get got getting give gives have has had hav having need through
    thru via into onto within under up out off again else other another technician technicians
    tech techs engineer engineers eng
    """
)

# Whatever the kind: these words mean something that an FAQ entry answers better.
BLOCKED: Final = _words(
    """
    move moving moved transfer transferring switch switching swap swapping change changing changed
    leave leaving left quit quitting turned refused refuse refuses reject rejected rejects appeal
    appeals appealing complain complained complaint complaints discipline disciplined expel
    expelled lapse lapsed lapses lapsing expire expired expires ran rejoin reinstate reinstated
    retire retired retiring retirement pension pensioner maternity paternity sick ill illness
    disability disabled pregnant break evidence interview interviews interviewed supporter
    supporters referee referees sponsor sign signed portfolio form forms write writing written
    wrote report cpd cdp hours log logbook webinar eligible eligibility eligable qualify qualifies
    qualified qualification qualifications nvq btec hnc hnd degree level levels experience years
    time long weeks boss manager employer employers company employee hr job jobs vacancy vacancies
    salary wage wages union unions unison unite prospect gmb tuc rep reps branch steward workplace
    trade meeting meetings event events contact phone email website address login password account
    compulsory mandatory required require requires requirement must law legal legally lose losing
    lost keep keeping kept letters recognised recognized recognition abroad overseas germany
    australia europe canada accredit accredits accredited accreditation scheme schemes t-level
    tlevel tlevels check checks checking both hold holding worth bother point benefit benefits
    source sources data privacy delete why not don't dont won't isn't cannot can't no never apply
    applies applied applying application applications criteria route routes accept accepts promise
    value possible allowed let lets help helps expect expects exam test unregistered code conduct
    charity voucher codes webinars training course courses send sends paper papers paperwork two
    experiance advanced ieng ceng csci citp incorporated forgot forget forgotten missed late
    overdue failed fails debit
    """
)

COST_CUES: Final = _words(
    """
    fee fees cost costs costing costly price prices pricing priced pricey subs sub subscription
    subscriptions charge charges charging expensive dear dearer cheap cheaper cheapest quid pounds
    afford bill total tariff
    """
)
COST_RUNS: Final = (
    " how much ",
    " how many quid ",
    " set me back ",
    " all in ",
    " would i pay ",
    " do you pay ",
    " do i pay ",
    " have to pay ",
    " the damage for ",
)
COST_ALLOWED: Final = _words(
    """
    much many money cash pay pays paying paid set back year years yearly year's annual annually
    anual anually month monthly months membership memberships member members join joining joined
    become becoming first second initial entry entrance retention renewal renew register
    registered registers registration registering registrant class grade sums sum full ballpark
    figure list current latest uk part overall starting start off take application rate rates
    altogether wonga dosh damage
    """
)
COST_BLOCKED: Final = _words(
    """
    where refund refundable reduced reduction concession concessions discount discounts old income
    low free accreditation work works company's firm firms supply temporary
    """
)

TAX_CUES: Final = _words(
    """
    tax taxes taxed hmrc taxman taxable deductible p87 revenue rebate inland
    """
)
TAX_RUNS: Final = (" list 3 ", " list three ", " tax man ")
TAX_ALLOWED: Final = _words(
    """
    claim claims claiming claimable claimed back relief list listed lists 3 three approved approve
    approves count counts counted allow allowable allowance eligible include included against
    anything money return reclaim membership member members subs sub subscription subscriptions
    fee fees cost costs dues annual yearly year registration register on over yes no qualify
    qualifies part man deduct expense expenses rebate deductible
    """
)

YOUNG_CUES: Final = _words(
    """
    apprentice apprentices aprentice aprentices student students trainee trainees
    """
)
YOUNG_ALLOWED: Final = _words(
    """
    free discount discounts cheaper less lower reduced special half deal band offer membership
    memberships member join joining rate rates fee fees cost costs price prices pay pays paying
    charge charges much subs subscription year yearly annual registered register registration
    cheap
    """
)
YOUNG_NEEDS: Final = _words(
    """
    free discount discounts cheaper less lower reduced rate rates fee fees cost costs price prices
    pay pays charge charges much subs subscription membership deal band cheap
    """
)

COMPARE_CUES: Final = _words(
    """
    or vs versus v compare compares compared comparing comparison difference differences diff
    differ better between
    """
)
COMPARE_RUNS: Final = (
    " side by side ",
    " which one ",
)
COMPARE_ALLOWED: Final = _words(
    """
    side go choose choosing pick picking join joining best better good suits suit right between
    should membership memberships cover covers work working hospital college school lab university
    maintenance estates rail site shipyard costs cost price prices fees subs on main annual yearly
    year a
    """
)

AWARD_ASKS: Final = _words(
    """
    who whos who's which what whats where list licensed
    """
)
AWARD_VERBS: Final = _words(
    """
    award awards awarding awarded give gives giving grant grants issue issues offer offers licensed
    license licence licensing hand hands provide provides
    """
)
BODY_NOUNS: Final = _words(
    """
    body bodies institute institutes institution institutions association associations society
    societies organisation organisations
    """
)
AWARD_RUNS: Final = (
    " can i get ",
    " do i get ",
)
NEEDED: Final = _words("need needed")
AWARD_ALLOWED: Final = (
    AWARD_VERBS
    | BODY_NOUNS
    | _words(
        """
    list lists out from through professional engineering science allowed can title titles me
    """
    )
)

SECTOR_RUNS: Final = (
    " do i join ",
    " can i join ",
    " should i join ",
    " who covers ",
    " who looks after ",
    " which one for ",
    " which one is for ",
    " who is there for ",
)
SECTOR_ALLOWED: Final = BODY_NOUNS | _words(
    """
    professional professionals cover covers covering join joining suit suits right best list work
    works working worker workers job industry sector sectors field area trade company staff
    operator operators mechanic mechanics fix fixing fixes look looks after takes take someone
    main person people techs labs relevant different related good appropriate mine which belong
    apply applies represent represents
    """
)
ABOUT_RUNS: Final = (
    " what is ",
    " whats ",
    " what's ",
    " wats ",
    " wat is ",
    " what are ",
    " who are ",
    " who is ",
    " what does ",
    " tell me about ",
    " tell me more about ",
    " explain ",
    " info on ",
    " information on ",
    " define ",
    " meaning of ",
)
ABOUT_ALLOWED: Final = _words(
    """
    explain info information more stand mean means meaning define definition bit please
    """
)
POLITE: Final = _words(
    """
    please pls plz thanks thank you ta cheers hi hello the a then
    """
)

BLOCKED_RUNS: Final = (" in charge ",)
SECTOR_BLOCKED: Final = COST_CUES | _words("title titles") | TAX_CUES

# Beside one of these an everyday word is the body: "ice subs".
MAKES_IT_A_BODY: Final = _words(
    """
    member membership memberships sub subs subscription fee fees institution institute join joining
    joined apprentice apprentices student students hmrc taxman civil nuclear society cost costs price
    prices charge charges tax
    """
)
# Before one of these "it" is the trade: "it support".
MAKES_IT_THE_TRADE: Final = _words(
    """
    tech techs technician technicians support staff people worker workers job jobs role roles
    sector industry department dept work professional professionals helpdesk bod bods
    """
)
# Words of English one letter away from a name of ours.
EVERYDAY_NEIGHBOURS: Final = _words(
    """
    airliner arming aspic aspin beating bind bindi binds binet bint bundt cashing casing cheating
    chipping cipher collage commuter commuting competing compute computed cooking copra corr
    designed developed eating elastic factor fasting fighting fooling forming framing hairline
    harming hating heading healing hearing incase income ingre ingres instore instr insure insured
    iwate lasting lightning lindt lumber maternal medial nesting pasting plante pooling properly
    realtor rector refactor resting ritter scheme shopping sighting sipping skipping slipping
    slumber solder sopra sprinkle stimulation texting tora traitor unclear venture warming wasting
    wedding whipping wielding
    """
)
