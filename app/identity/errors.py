"""What can go wrong with accounts, in words for the person it happens to."""

from app.core.errors import ConflictError, ForbiddenError, InvalidError, ProblemError, TooManyError


class WrongSignInError(ProblemError):
    """Address and password don't match: the same answer whether the address is known or not."""

    type = "wrong-sign-in"
    title = "That e-mail and password don't match"
    status = 401
    default_detail = "Try again, or we can send you a link to choose a new password."


class SignInsCrowdedError(TooManyError):
    """More passwords are being checked than this process takes on at once."""

    type = "sign-ins-crowded"
    title = "Many people are signing in just now"
    default_detail = "Please try again in a moment."


class SecondFactorNeededError(ProblemError):
    """The password is right; this account also asks for a code."""

    type = "second-factor-needed"
    title = "One more step"
    status = 401
    default_detail = "Please type the six digits from your authenticator app, or a recovery code."


class WrongCodeError(ProblemError):
    """Not the code of this moment, or one that was used already."""

    type = "wrong-code"
    title = "That code didn't work"
    status = 401
    default_detail = "Wait for the next six digits and try those. Each code works once."


class WrongRecoveryCodeError(ProblemError):
    """Not a recovery code of this account, or one that was used or replaced."""

    type = "wrong-recovery-code"
    title = "That recovery code didn't work"
    status = 401
    default_detail = (
        "Please check each letter and number of it. Each code works once, and new ones replace "
        "the old."
    )


class NotVerifiedError(ForbiddenError):
    """The address has not been confirmed; told only to whoever knows the password."""

    type = "address-not-verified"
    title = "Your e-mail address isn't confirmed yet"
    default_detail = (
        "We sent you an e-mail with a link. It can take a while to come. Open the link, then sign "
        "in again."
    )


class SecondFactorRequiredError(ForbiddenError):
    """The role is there, but not yet the second factor that staff act with."""

    type = "second-factor-required"
    title = "One more step before you act"
    default_detail = (
        "Acting for the community needs your second step. Set it up in your settings, or sign "
        "in again with its code."
    )


class SecondFactorStaysError(ForbiddenError):
    """Whoever acts for the community keeps their second factor."""

    type = "second-factor-stays"
    title = "Your role needs the second step"
    default_detail = (
        "People who act for the community keep it on. You can set it up again on another phone."
    )


class NoSecondFactorError(ConflictError):
    """There is none to take off."""

    type = "no-second-factor"
    title = "This account has no second step"
    default_detail = "It signs in with its password alone. Nothing has been changed."


class OwnSecondFactorError(ForbiddenError):
    """Nobody has a part in taking off their own."""

    type = "own-second-factor"
    title = "This is your own second step"
    default_detail = "Please ask two other administrators, or the person who runs the server."


class SecondPersonNeededError(ForbiddenError):
    """Two administrators, so that one stolen sign-in is not enough."""

    type = "second-person-needed"
    title = "Someone else has to agree"
    default_detail = (
        "You asked for this yourself. Another administrator can agree to it under Staff."
    )


class ResearchStandsApartError(ForbiddenError):
    """Whoever works on studies neither reads the community nor writes in it."""

    type = "research-stands-apart"
    title = "This sign-in is for research"
    default_detail = (
        "People who work on a study don't read or write in the community, so that nobody can "
        "compare a study's data with what people say here. Please use another account, without "
        "this "
        "role, if you want to take part as a member."
    )


class AccountSuspendedError(ForbiddenError):
    """The community is shut to the member for a while, or for good."""

    type = "account-suspended"
    title = "Your account is suspended"
    default_detail = (
        "For now you can't read or write here. Your page says why, until when, and how to appeal. "
        "Help now is open to you at any hour."
    )


class WrongPasswordError(ForbiddenError):
    """Someone signed in must show that it is still them, and the password was another."""

    type = "wrong-password"
    title = "That isn't your password"
    default_detail = "Please type the password you sign in with. Nothing has been changed."


class LinkExpiredError(ProblemError):
    """A link from a letter that was used, replaced, or is too old: one answer for all."""

    type = "link-expired"
    title = "This link no longer works"
    status = 410
    default_detail = "It may be old, or used already. Ask for a new e-mail and use the link in it."


class AddressError(InvalidError):
    """It isn't an e-mail address that letters can reach."""

    type = "bad-address"
    title = "We can't write to that address"
    default_detail = "Please check the e-mail address. It should look like name@example.com."


class PasswordRuleError(InvalidError):
    """A password that others would guess, or too long to be one."""

    type = "bad-password"
    title = "That password can't be used"
    default_detail = "Use at least 10 characters. Three words that don't belong together work well."


class NameGivesAwayError(InvalidError):
    """A display name that shows the e-mail address, which no member may learn."""

    type = "name-gives-away"
    title = "That name would show your e-mail address"
    default_detail = "Everyone sees your name here, so please choose one that isn't your e-mail."


class NotAffirmedError(InvalidError):
    """Joining asks for two promises; neither is made for anyone."""

    type = "not-affirmed"
    title = "Something isn't ticked yet"


class RoleFamiliesError(ConflictError):
    """Moderation and research never meet in one account."""

    type = "roles-exclude-each-other"
    title = "These roles can't be held together"
    default_detail = (
        "Someone who moderates can't also work on a study here, and the other way round. Remove "
        "the other role first, or ask someone else."
    )


class LastAdministratorError(ConflictError):
    """Somebody must be able to appoint others."""

    type = "last-administrator"
    title = "This is the only administrator"
    default_detail = "Please appoint another administrator first. Nothing has been changed."


class OwnRolesError(ForbiddenError):
    """Nobody appoints themselves."""

    type = "own-roles"
    title = "These are your own roles"
    default_detail = "Please ask another administrator to change them."


class NotAppointableError(ConflictError):
    """Roles go to people who have confirmed their address."""

    type = "not-appointable"
    title = "This account can't be given a role yet"
    default_detail = "They need to confirm their e-mail address first. Nothing has been changed."
