"""What people write when they ask about a body or a register, and what that must be taken for.

One line each: `kind | what it is about | words`. The examples were written before the code. Those
with an odd CRC-32 were held back while it was tuned; at the first look 100 of the 102 held-back
questions were taken for what they are, and 46 of the 47 others were left to the FAQ. The last 47 and
24 were written when the code was done: 44 and 23 at the first look.
"""

from pathlib import Path
from typing import Final

import pytest

from bot.faq.lookup import Kind, look_up
from bot.faq.lookup_names import Names
from bot.knowledge.bodies import Bodies
from bot.knowledge.content import parse_file
from bot.knowledge.glossary import Glossary

ASKED: Final = """
cost_of_body | iet | how much is the IET a year
cost_of_body | iom3 | iom3 fees
cost_of_body | imeche | what does imeche cost
cost_of_body | ice | how much are ICE subs
cost_of_body | bcs | BCS membership price
cost_of_body | cibse | cibse cost first year
cost_of_body | rsb | how dear is the royal society of biology
cost_of_body | ist | what would I pay to be in the IST
cost_of_body | ibms | ibms annual fee
cost_of_body | icheme | price of icheme membership pls
cost_of_body | iet | whats the iet charging these days
cost_of_body | gdc | how much is the gdc retention fee
cost_of_body | gphc | gphc renewal fee
cost_of_body | rct | what are the register of clinical technologists fees
cost_of_body | institute-of-water | is the institute of water expensive
cost_of_body | ciwem | CIWEM subs for a technician
cost_of_body | cabe | how much to join the chartered association of building engineers
cost_of_body | imeche | cost of institution of mechanical engineers
cost_of_body | soe | soe membership cost
cost_of_body | institute-of-acoustics | institute of acoustics price
cost_of_body | irse | how much money is IRSE for one year
cost_of_body | iet | I want know price for member of IET please
cost_of_body | rsc | how many quid for the rsc
cost_of_body | the-welding-institute | what do the welding institute charge
cost_of_body | imeche | EngTech through IMechE, what's the total
cost_of_body | iom3 | what does iom3 charge for rscitech
cost_of_body | iet | iet fees for engtech
cost_of_body | cibse | engtech with cibse how much all in
cost_of_body | institute-of-refrigeration | instituet of refrigeration fees
cost_of_body | imarest | imarest anual subscription
cost_of_body | iet | i'm thinking of joining the iet, how much is it
cost_of_body | pwi | permanent way institution joining fee
cost_of_register | engtech | engtech price
cost_of_register | engtech | how much does EngTech cost
cost_of_register | rscitech | cost of rscitech
cost_of_register | rscitech | what do you pay for R Sci Tech
cost_of_register | rittech | rit tech fees
cost_of_register | icttech | icttech annual fee
cost_of_register | engtech | how much is eng tech per year
cost_of_register | rscitech | registered science technician fee
cost_of_register | engtech | engineering technician registration cost
cost_of_register | rittech | is RITTech expensive
cost_of_register | rsci | rsci fee
cost_of_register | engtech | what would engtech set me back
cost_of_register | rscitech | rscitec price
cost_of_register | engtech | how much do i have to pay for engtec
cost_of_register | gphc-pharmacy-technician | how much is it to register as a pharmacy technician
cost_of_register | gdc-dental-technician | dental technician registration fee
cost_of_register | icttech | ICT technician registration price
cost_of_register | engtech | entry fee for EngTech
cost_of_register | rscitech | first year cost of RSciTech
cost_of_register | rittech | price for registered IT technician?
cost_of_register | renvtech | REnvTech cost
cost_of_register | assocrics | how much is AssocRICS
bodies_for_sector | rail | which bodies cover rail
bodies_for_sector | dental | who do i join if i work in a dental lab
bodies_for_sector | labs | body for lab techs
bodies_for_sector | it | which professional body is for IT
bodies_for_sector | rail | what institutions are there for railway technicians
bodies_for_sector | nuclear | professional body for nuclear workers
bodies_for_sector | water | I work for a water company, which body should I join
bodies_for_sector | marine | who covers ship and marine techs
bodies_for_sector | welding | which institute for welders
bodies_for_sector | education | professional bodies for school technicians
bodies_for_sector | healthcare | which bodies are there in healthcare
bodies_for_sector | pharmacy | body for pharmacy technicians
bodies_for_sector | automotive | whos the body for car mechanics
bodies_for_sector | road-transport | which body for hgv mechanics
bodies_for_sector | construction | institutes for the construction industry
bodies_for_sector | telecoms | what body do telecoms engineers join
bodies_for_sector | aerospace | aerospace professional bodies
bodies_for_sector | fire | is there a body for fire alarm technicians
bodies_for_sector | food | list of bodies for food industry
bodies_for_sector | gas | im a gas engineer which body is mine
bodies_for_sector | refrigeration | professional body for fridge engineers
bodies_for_sector | lighting | who looks after street lighting people
bodies_for_sector | agriculture | which body would suit someone fixing tractors and farm machinery
bodies_for_sector | chemicals | body for chemical plant operators
bodies_for_sector | research | who can I join as a university technician
bodies_for_sector | environment | bodies in the environmental sector
bodies_for_sector | plumbing-heating | which one for plumbers
bodies_for_sector | highways | highways bodies
bodies_for_sector | sport | which body covers sports science technicians
bodies_for_sector | defence | which bodies take people from the defence sector
bodies_for_sector | energy | bodies for energy technicians
bodies_for_sector | labs | im a lab technician who do i join
bodies_for_sector | manufacturing | what body is there for manufacturing
bodies_for_sector | rail | trains, signalling, which body
who_awards | rscitech | who awards RSciTech
who_awards | engtech | who can give me engtech
who_awards | icttech | which bodies award icttech
who_awards | rittech | who gives out RITTech
who_awards | rscitech | which bodies are licensed for rscitech
who_awards | engtech | what institutions can award EngTech
who_awards | rscitech | where can i get rscitech from
who_awards | engtech | list of engtech bodies
who_awards | rsci | who awards RSci
who_awards | rantech | who gives RAnTech
who_awards | engtech | which institutes do eng tech
who_awards | renvtech | who awards REnvTech
who_awards | icttech | what bodies can I get ICTTech through
who_awards | rscitech | licensed bodies rscitech
who_awards | engtech | which institution is licensed for engineering technician
who_awards | martech | who hands out martech
about_body | iet | IET
about_body | ist | what is the IST
about_body | imeche | imeche?
about_body | cibse | what's cibse
about_body | soe | tell me about the society of operations engineers
about_body | iom3 | what does iom3 stand for
about_body | icheme | Institution of Chemical Engineers
about_body | bindt | who are BINDT
about_body | rsc | what is the royal society of chemistry
about_body | ahcs | AHCS
about_body | ice | what is the institution of civil engineers
about_body | ice | ICE
about_body | irse | info on irse
about_body | ibms | IBMS please
about_body | imarest | wat is imarest
about_body | nuclear-institute | nuclear institute
about_body | ciat | what is CIAT
about_body | pwi | whats the pwi then
about_body | aspih | tell me more about ASPiH
about_body | igem | who are igem and what do they do
about_body | institute-of-animal-technology | institute of animal technology
about_body | energy-institute | what is energy institute
about_body | bcs | explain bcs
about_body | iheem | what does iheem do
about_body | instmc | institue of measurement and control
about_body | gphc | what is the general pharmaceutical council
about_register | rscitech | what is RSciTech
about_register | engtech | whats engtech
about_register | rittech | what does RITTech stand for
about_register | icttech | what is an ICTTech
about_register | rsci | what is rsci
about_register | rantech | what is RAnTech
about_register | renvtech | whats renvtech
about_register | engtech | what does eng tech mean
about_register | rct-clinical-technologist | what is the clinical technologist register
about_register | martech | what is MarTech
about_register | assocrics | what does assocrics mean
about_register | rscitech | tell me about rscitech
compare | iet,imeche | IET or IMechE?
compare | ist,rsc | compare ist and rsc
compare | iet,imeche | iet vs imeche
compare | ist,ase | IST or ASE
compare | ice,ciht | what's the difference between ICE and CIHT
compare | cibse,iheem | cibse or iheem for hospital estates
compare | iet,bcs | iet versus bcs
compare | engtech,rscitech | EngTech or RSciTech
compare | rsb,ibms | which is better RSB or IBMS
compare | iet,imeche,cibse | compare the IET, IMechE and CIBSE
compare | rscitech,rsci | difference between rscitech and rsci
compare | ipem,rct | ipem v rct
compare | iop,ist | IOP or the institute of science and technology
compare | imarest,rina | imarest or rina for shipyard work
compare | pwi,irse | which one, PWI or IRSE
compare | iom3,icheme | should I go for iom3 or icheme
compare | iet,imeche | IET and IMechE side by side
compare | gdc,dta | gdc or dta
compare | ciwem,institute-of-water | ciwem compared to institute of water
compare | engtech,icttech | whats the diff between engtech and icttech
tax_of_body | iet | is the IET on the hmrc list
tax_of_body | ice | tax relief on my ICE subs
tax_of_body | imeche | can i claim tax back on imeche
tax_of_body | rct | is rct tax deductible
tax_of_body | ibms | ibms tax
tax_of_body | bcs | bcs hmrc approved?
tax_of_body | ipem | is IPEM on list 3
tax_of_body | energy-institute | energy institute tax relief
tax_of_body | cases | can I get tax back for CASES membership
tax_of_body | gphc | tax relief gphc fee
tax_of_body | gdc | claim gdc fee on tax
tax_of_body | rsc | does hmrc approve the royal society of chemistry
tax_of_body | cibse | CIBSE hmrc
tax_of_body | ist | do I get tax relief on IST membership
tax_of_body | igem | is igem in hmrc's approved list
tax_of_body | aspih | aspih tax rebate
tax_of_body | iom3 | can the taxman give me anything back for iom3
tax_of_body | soe | does SOE count for tax relief
apprentice_price | iet | iet apprentice price
apprentice_price | ice | is ICE free for apprentices
apprentice_price | imeche | how much is imeche for an apprentice
apprentice_price | institute-of-water | institute of water apprentice rate
apprentice_price | ciht | CIHT student membership cost
apprentice_price | iop | what do trainees pay at the institute of physics
apprentice_price | cibse | cibse student fee
apprentice_price | iom3 | do apprentices get a discount at iom3
apprentice_price | iet | how much for students to join the IET
apprentice_price | bcs | bcs apprentice membership
apprentice_price | icheme | icheme for students, what does it cost
apprentice_price | rsb | is the RSB cheaper for apprentices
apprentice_price | ice | free student membership ice
apprentice_price | cabe | CABE student price
cost_of_body | iet | what's it cost being in the IET
cost_of_body | ice | price for ICE membership anyone?
cost_of_body | rsc | how much does the royal society of chemistry charge per year
cost_of_body | bcs | is bcs dear
cost_of_body | irse | irse subs
cost_of_body | iheem | IHEEM membership how much
cost_of_body | ibms | what are the subs for institute of biomedical science
cost_of_body | cibse | joining fee cibse
cost_of_body | igem | igem price list
cost_of_body | soe | whats the damage for the SOE
cost_of_register | engtech | how much for engtech
cost_of_register | rscitech | rscitech how much
cost_of_register | icttech | what do they charge for icttech
cost_of_register | rittech | price of RITTech?
cost_of_register | engtech | EngTech - total cost please
bodies_for_sector | nuclear | any bodies for nuclear techs?
bodies_for_sector | water | professional institution for the water industry
bodies_for_sector | welding | body for welders pls
bodies_for_sector | it | what bodies are there for IT support staff
bodies_for_sector | healthcare | hospital technician, which body should I join?
bodies_for_sector | telecoms | im in telecoms who should i join
bodies_for_sector | fire | fire service technicians professional body
bodies_for_sector | rail | professional bodies rail
bodies_for_sector | food | which institutes cover food factories
who_awards | engtech | which bodies award EngTech
who_awards | rscitech | who can award the RSciTech
who_awards | rittech | where do i get RITTech
who_awards | icttech | who is licensed to give ICTTech
about_body | iop | whats the institute of physics
about_body | the-welding-institute | tell me about the welding institute
about_body | rics | RICS?
about_body | ciwem | what does CIWEM stand for
about_body | ahcs | who are the academy for healthcare science
about_register | rittech | what's RITTech
about_register | rscitech | what does RSciTech stand for?
about_register | rantech | explain rantech
compare | iet,cibse | IET or CIBSE
compare | rsb,rsc | what is the difference between RSB and RSC
compare | pwi,irse | pwi vs irse?
compare | ibms,ist | is IBMS better than IST
tax_of_body | bcs | tax back on bcs
tax_of_body | iom3 | is iom3 hmrc approved
tax_of_body | ciht | can I claim CIHT subs on my tax
tax_of_body | rsb | RSB tax relief?
apprentice_price | iet | IET price for apprentices
apprentice_price | ciht | is CIHT free for students
apprentice_price | cibse | cibse cost for a student
"""

NOT_FOR_US: Final = """
can i move my EngTech from the IET to IMechE
do i need to be in the IET to get EngTech
IET turned me down
how do i apply for EngTech through the IET
do i have to join a body
IET rejected my application what now
how long does the IET take
ICTTech or RITTech
rittech or icttech for a network engineer
can my boss pay my IET fees
will my employer pay for IMechE
my IET membership lapsed
how much cpd does the IET want
is there an interview with ICE
who can support my IMechE application
leaving the IET for CIBSE
i let my EngTech go, can i get it back
am i eligible for EngTech
how do i get RSciTech
what do i need for RITTech
i have a level 2, can i be RSciTech
how much does registration cost
what are the fees
is it dear
can i get tax relief
do apprentices pay less
i like ice in my drink
in most cases it is fine
that's a nice case
is it ni or england only
hello
EngTech
what letters can i put after my name
what comes after EngTech
is EngTech recognised in Germany
will EngTech get me a pay rise
how long does RSciTech take
can i be EngTech and RSciTech
can I hold RSciTech through two bodies
which union covers rail
who is my rep on the railway
I work in rail and my manager says there is no money for training
lab technician no qualifications
can a dental technician work unregistered
do pharmacy technicians have to register
i am a theatre technician, is there anything for me
i work part time in a lab
is my water company allowed to refuse me time off
how do i find technicians in a school
does IMechE accept self employed people
is the IET a trade union
what evidence does BCS want
how do i write my IST application
I retired from the RSC
i am on maternity leave and in IBMS
complaint about a member of the IET
is IET membership compulsory
what does the science council do
who runs the registers
what is the engineering council
is the engineering council a regulator
is it true that ice engineers need an interview
does the GDC check cpd
can I lose my gphc registration
how do i renew with rct
the bcs wants three years of evidence
do i lose EngTech if i leave the institution
can i use IEng letters
my IST membership ran out in march
should i bother with EngTech at 58
what is the point of EngTech
how do I check someone is on the engtech register
is my IET apprenticeship approved
does the IMechE approve our apprenticeship scheme
how does my apprenticeship lead to EngTech with ICE
t level and RSciTech
who can sign off my RSciTech form
what is a technician
which register should i choose
which body should i join
is RSciTech worth it
EngTech jobs in Manchester
can you do my IET application for me
ask the IET for me
how do I contact the IET
are there IET meetings near Leeds
how old is your IET price
where did you get the IET price from
is the RSC a charity
does UNISON work with IBMS
case study of a lab tech
the soe shop is shut
my niece works at the bcs
it is raining
can it be done by email
what can it do
i t is broken
the research says otherwise
energy levels are low today
where is the fire exit
food was great thanks
i left the water running
my wife works in construction
how do i join the IET
is the IET any good
can i be in IET and IMechE at the same time
my IET direct debit failed
does RSC do webinars
IMechE asked me for more evidence
will BCS accept my ITIL
can the IET help me find a job
who do i complain to about ICE
IET refused to refund my fee
how do i get my letters from IMechE
my employer wants me to join CIBSE
what happens if i stop paying the IET
i forgot to pay IBMS
is EngTech hard to get
what is the difference between EngTech and a degree
who checks my EngTech application
rail unions
i am a dental technician and my boss will not pay
which register is right for a lab tech
can i put EngTech on my CV
does the IET count towards cpd
ice cold tea
i went to the institute of physics yesterday
"""

KNOWLEDGE: Final = Path(__file__).parents[2] / "knowledge"
BODIES: Final = parse_file(
    Bodies, (KNOWLEDGE / "bodies.yaml").read_text(encoding="utf-8"), "bodies.yaml"
)
NAMES: Final = Names.compile(BODIES, Glossary())
LINES: Final = tuple(line.split(" | ") for line in ASKED.strip().splitlines())
NOT_OURS: Final = tuple(NOT_FOR_US.strip().splitlines())


def test_there_are_enough_examples_of_every_kind() -> None:
    kinds = [kind for kind, _, _ in LINES]
    assert {*kinds} == {kind.value for kind in Kind}
    assert len(LINES) >= 150
    assert min(kinds.count(kind) for kind in {*kinds}) >= 12
    assert len(NOT_OURS) >= 80


@pytest.mark.parametrize(("kind", "about", "words"), LINES, ids=[line[2] for line in LINES])
def test_a_question_for_the_tables_is_taken_for_what_it_is(
    kind: str, about: str, words: str
) -> None:
    found = look_up(words, NAMES)
    assert found is not None
    assert found.kind == kind
    assert {*about.split(",")} <= {*found.bodies, *found.registers, *found.sectors}
    assert 0.5 <= found.confidence <= 1


@pytest.mark.parametrize("words", NOT_OURS)
def test_a_question_for_the_faq_is_left_to_it(words: str) -> None:
    assert look_up(words, NAMES) is None


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        ("how much is the IET a year", "fees-engtech"),
        ("ibms annual fee", "fees-rscitech"),
        ("BCS membership price", "fees-rittech"),
        ("iom3 fees", "cost-overview"),
        ("what does iom3 charge for rscitech", "fees-rscitech"),
        ("gdc fee", "cost-overview"),
        ("rittech price", "fees-rittech"),
        ("which bodies cover rail", "which-register-and-body-fit-me"),
        ("who do i join if i work in a dental lab", "healthcare-technicians"),
        ("who awards RSciTech", "who-runs-the-registers"),
        ("who gives RAnTech", "other-technician-registers"),
        ("what is RSciTech", "which-technician-titles-exist"),
        ("what is rsci", "next-step-after-technician-title"),
        ("what is RAnTech", "other-technician-registers"),
        ("IET or IMechE?", "which-register-and-body-fit-me"),
        ("iet or bcs", "icttech-or-rittech"),
        ("compare CIBSE and IMechE on price", "fees-engtech"),
        ("is the IET on the hmrc list", "tax-relief-on-fees"),
        ("iet apprentice price", "apprentice-fees"),
    ],
)
def test_a_lookup_belongs_to_an_entry_of_the_faq(words: str, entry: str) -> None:
    found = look_up(words, NAMES)
    assert found is not None
    assert found.entry == entry
