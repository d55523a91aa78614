namespace AspireFeedback.LocalAspire.Runtime;

/// <summary>What the command line of the AppHost says to LocalAspire; everything else on it is configuration.</summary>
internal sealed record RunOptions(bool Reset, bool NoInstall, bool IsTest, bool Help, IReadOnlyList<string> ConfigurationArguments)
{
    public const string HelpText =
        """
        Options of the AppHost (after `--` with `dotnet run`):
          --reset                          wipe the kept data and passwords first
          --no-install                     never install a missing server
          --Ports:web=8080                 the port of a resource's URL; of another endpoint --Ports:web:https=8443
          --Parameters:admin-key=…         the value of a parameter
          --Dashboard:Enabled=false        no dashboard
          --ConnectionStrings:redis=…      use this server instead of starting one
        Every key may also be an environment variable, with __ for the colon.
        """;

    public static RunOptions Parse(IReadOnlyList<string> args, bool isTest)
    {
        string[] flags = ["--reset", "--no-install", "--help"];
        return new RunOptions(
            args.Contains("--reset"), args.Contains("--no-install"), isTest, args.Contains("--help"), [.. args.Where(a => !flags.Contains(a))]);
    }
}
