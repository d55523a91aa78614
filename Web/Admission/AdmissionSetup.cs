namespace AspireFeedback.Web.Admission;

internal static class AdmissionSetup
{
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddOptions<AdmissionOptions>().BindConfiguration(AdmissionOptions.Section)
            .Validate(options => options.IsValid(), $"A value in the section '{AdmissionOptions.Section}' is out of range: limits are 0 (none) or above, rates at most 1,000,000, deadlines at most ten years ahead.")
            .ValidateOnStart();
        services.AddSingleton<SubmitRates>().AddSingleton<OpenRequests>().AddSingleton<UnsentMessages>().AddSingleton<Admittance>();
        services.AddSingleton<AdmissionCounts>().AddHostedService(provider => provider.GetRequiredService<AdmissionCounts>());
        return services;
    }
}
