"""The home network: who may reach the app, through which door.

There are two doors to the one app. The first listens on this computer's loopback address, which
no other device can reach, and is always open (`gate.LocalGate`). The second is opened when she
asks for it, on one private address of this computer, and lets nothing through but the icon until
the PIN has been entered (`gate.HomeGate`, `listener.HomeDoor`). Which door a connection came
through decides what it may do; what a client says about itself decides nothing.

What this keeps out: another device at home without the PIN; guesses at the PIN; a web page that
she visits and that reaches for the app through her browser (Origin, Sec-Fetch-Site and Host are
checked, so that neither a request across sites nor DNS rebinding gets in); a PIN or a token read
off the phone's side. What it does not: someone with her user account on this computer, who can
read the record itself; and someone who listens in on the home network, for the way from phone to
computer is plain HTTP (no certificate that a phone would trust can be made for a home address).
"""
