"""The home network: who may reach the app, and through which listener.

Two listeners serve the one app. The first is on this computer's loopback address, which no other
device can reach, and is always open (`middleware.LocalMiddleware`). The second opens when the user
asks for it, on one private address of this computer, and lets nothing through but the icon until a
phone has sent the PIN (`middleware.HomeMiddleware`, `server.HomeListener`). The listener that a
connection came through decides what it may do; what a client says about itself decides nothing.

This keeps out another device at home that does not have the PIN, guesses at the PIN, and a web page
that tries to reach the app through the browser of a user who visits it (the headers Origin,
Sec-Fetch-Site and Host are checked, which stops cross-site requests and DNS rebinding).
It also keeps out other accounts of this computer (`account`), and servers at its other ports, to
which a browser sends the same cookies (`handshake.js`). It does not keep out a program of the
user's own account, which can read the database itself, or someone who listens in on the home
network: phone and computer speak plain HTTP, because no certificate that a phone would trust can be
made for a home address.
docs/threat-model.md explains this to users.
"""
