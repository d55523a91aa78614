using AspireFeedback.Web.Identity;
using Microsoft.AspNetCore.Identity;
using Shouldly;
using Xunit;

namespace AspireFeedback.Tests.Identity;

public sealed class PasswordTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_who_does_not_exist_costs_the_same_work_as_one_who_does()
    {
        var hasher = new Observed();
        using var passwords = new Passwords(hasher);
        var hash = await passwords.HashAsync(Person.Password, Cancellation);

        (await passwords.VerifyAsync(hash, "wrong horse battery", Cancellation)).ShouldBe(PasswordCheck.Wrong);
        (await passwords.VerifyAsync(null, Person.Password, Cancellation)).ShouldBe(PasswordCheck.Wrong);
        (await passwords.VerifyAsync(hash, Person.Password, Cancellation)).ShouldBe(PasswordCheck.Right);

        hasher.Verified.Count.ShouldBe(3);
        // The format, the function, the rounds and the length of the salt.
        hasher.Verified.Select(verified => Convert.ToHexString(Convert.FromBase64String(verified)[..13])).Distinct().ShouldHaveSingleItem();
    }

    private sealed class Observed : IPasswordHasher<Passwords>
    {
        private readonly PasswordHasher<Passwords> _hasher = new();

        public List<string> Verified { get; } = [];

        string IPasswordHasher<Passwords>.HashPassword(Passwords user, string password) => _hasher.HashPassword(user, password);

        PasswordVerificationResult IPasswordHasher<Passwords>.VerifyHashedPassword(Passwords user, string hashedPassword, string providedPassword)
        {
            Verified.Add(hashedPassword);
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
