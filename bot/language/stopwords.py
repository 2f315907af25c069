"""English words that say nothing about what a question is about."""

from typing import Final

STOPWORDS: Final = frozenset(
    """
    a about actually after again ah all also am an and any anybody anyone anything are as ask at be
    because been before being bit but by came can come could did do does doing done each either else
    ever every everyone everything few for from further get gets getting give go goes going gone got
    had has have having he hello help her here hers hey hi him his how i if in into is it itself just
    kind know let like lot made make makes many may maybe me might mine more most much must my myself
    need needs no nor not now of off oh ok okay on once one only onto or other others our ours out
    over own perhaps please quite rather really said same say see shall she should since so some
    somebody someone something still such sure take tell than thank thanks that the their theirs them
    then there these they thing things think this those though through to too try under until up us
    very want wants was way we well were what whatever when where whether which while who whom whose
    why will wish with within without wonder wondering would yeah yep yes yet you your yours yourself
    """.split()
)
