using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace AspireFeedback.Web.Identity;

internal enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, and to be hashed anew: its hash is from a time with weaker parameters.</summary>
    RightButWeak,
}

/// <summary>
/// Hashes with ASP.NET Core's <see cref="PasswordHasher{TUser}"/>. That is slow on purpose, so half of the cores do it at most; the rest go on answering.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private readonly IPasswordHasher<Passwords> _hasher;
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> _nobodys;

    public Passwords(IPasswordHasher<Passwords> hasher)
    {
        _hasher = hasher;
        _nobodys = new(() => _hasher.HashPassword(this, RandomNumberGenerator.GetHexString(32)));
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) => RunAsync(() => _hasher.HashPassword(this, password), cancellationToken);

    /// <param name="hash">Null for a user who does not exist: the answer takes as long, and is no.</param>
    public Task<PasswordCheck> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var result = _hasher.VerifyHashedPassword(this, hash ?? _nobodys.Value, password);
        return result switch
        {
            _ when hash is null => PasswordCheck.Wrong,
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.RightButWeak,
            _ => PasswordCheck.Wrong,
        };
    }, cancellationToken);

    public void Dispose() => _cores.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _cores.Release();
        }
    }
}
