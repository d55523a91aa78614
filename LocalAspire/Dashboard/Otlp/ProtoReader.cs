using System.Buffers.Binary;
using System.Text;

namespace AspireFeedback.LocalAspire.Dashboard.Otlp;

/// <summary>
/// Reads the fields of one protobuf message where they lie. Fields that are not asked for are passed over, so a decoder names only what it
/// stores; anything malformed is an <see cref="InvalidDataException"/>. https://protobuf.dev/programming-guides/encoding
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _type = -1;

    public int Field { get; private set; }

    /// <summary>Goes on to the next field; false at the end of the message.</summary>
    public bool Next()
    {
        Skip();
        if (_rest.IsEmpty)
            return false;

        var tag = ReadVarint();
        (Field, _type) = ((int)(tag >> 3), (int)(tag & 7));
        return Field > 0 ? true : throw new InvalidDataException("A field has the number 0.");
    }

    public ulong Varint()
    {
        Expect(VarintType);
        return ReadVarint();
    }

    public int ZigZag()
    {
        var value = (uint)Varint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public ulong Fixed64()
    {
        Expect(Fixed64Type);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    /// <summary>Times beyond the year 2262 do not fit; nobody sends them on purpose.</summary>
    public long Nanoseconds() => (long)Math.Min(Fixed64(), long.MaxValue);

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(LengthType);
        return Take(ReadVarint());
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>A repeated field of numbers of 8 bytes, which a sender may pack or not.</summary>
    public void AddFixed64To(List<ulong> values)
    {
        if (_type != LengthType)
        {
            values.Add(Fixed64());
            return;
        }

        var packed = Bytes();
        if (packed.Length % 8 != 0)
            throw new InvalidDataException("Packed numbers are cut off.");
        for (; !packed.IsEmpty; packed = packed[8..])
            values.Add(BinaryPrimitives.ReadUInt64LittleEndian(packed));
    }

    public void AddVarintTo(List<ulong> values)
    {
        if (_type != LengthType)
        {
            values.Add(Varint());
            return;
        }

        var packed = new ProtoReader(Bytes());
        while (!packed._rest.IsEmpty)
            values.Add(packed.ReadVarint());
    }

    private void Skip()
    {
        switch (_type)
        {
            case VarintType: ReadVarint(); break;
            case Fixed64Type: Take(8); break;
            case LengthType: Take(ReadVarint()); break;
            case Fixed32Type: Take(4); break;
            case -1: break;
            default: throw new InvalidDataException($"Field {Field} has the unknown wire type {_type}.");
        }

        _type = -1;
    }

    private void Expect(int type)
    {
        if (_type != type)
            throw new InvalidDataException($"Field {Field} has the wire type {_type} instead of {type}.");
        _type = -1;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw new InvalidDataException("The message is cut off.");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(10, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("A number is cut off.");
    }
}
