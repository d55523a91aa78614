using System.Xml.Linq;
using AspireFeedback.Web.Log.Postgres;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AspireFeedback.Web.Identity;

/// <summary>Keeps ASP.NET Core's keys in PostgreSQL. Synchronous, as that interface is; called at start and about once a day.</summary>
internal sealed class DataProtectionKeys(LogDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select xml from data_protection_keys order by created_at, name");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
            elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand("insert into data_protection_keys (name, xml) values ($1, $2) on conflict (name) do nothing");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
