"""What other rooms may want to hear of people."""

from django.dispatch import Signal

# Sessions of these people (`user_ids`) may have ended: signed out, locked out, a new password.
sign_ins_changed = Signal()
