using System.Security.Cryptography;
using System.Text.Json;
using Aspire.Hosting;

namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>Generated passwords and ports, kept beside the data that they belong to, readable by its user only.</summary>
internal sealed class SecretFile(string path)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly Lock _gate = new();
    private Dictionary<string, string>? _values;

    public string GetOrGenerate(string name) => GetOrAdd(name, () => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 22));

    public string GetOrAdd(string name, Func<string> make)
    {
        lock (_gate)
        {
            _values ??= Read();
            if (!_values.TryGetValue(name, out var value))
                Write(name, value = make());
            return value;
        }
    }

    public string? Find(string name)
    {
        lock (_gate)
            return (_values ??= Read()).GetValueOrDefault(name);
    }

    public void Set(string name, string value)
    {
        lock (_gate)
        {
            _values ??= Read();
            if (_values.GetValueOrDefault(name) != value)
                Write(name, value);
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        }
        catch (JsonException e)
        {
            // Not made anew: new passwords would not fit the data that lies beside them.
            throw new DistributedApplicationException($"{path}, which holds the passwords of the kept data, is damaged: {e.Message} Mend it, or wipe the data with --reset.", e);
        }
    }

    private void Write(string name, string value)
    {
        _values![name] = value;
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            JsonSerializer.Serialize(file, _values, s_indented);
        // A rename, so that a crash in between leaves the old passwords, which are those of the data.
        File.Move(temporary, path, overwrite: true);
    }
}
