"""Pledges of officials: issued, signed with keys only the signer holds, published as far as consent allows (task 2)."""
