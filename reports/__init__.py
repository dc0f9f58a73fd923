"""What is told: a sealed record, an owner's plan or an empty form as pages for paper and evidence.

``content`` turns the sealed record into plain values (every word is chosen there), ``pdf`` draws them.
"""
