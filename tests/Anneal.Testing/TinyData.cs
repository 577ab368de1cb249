using System.Buffers.Binary;

namespace Anneal.Testing;

/// <summary>A data set that takes no time: 8×8 images whose bright quarter is their class, with much noise.</summary>
public static class TinyData
{
    public const int Size = 8;
    public const int Classes = 4;
    public const int TrainingExamples = 200;
    public const int TestExamples = 60;

    /// <summary>Writes the four IDX files into a new folder.</summary>
    public static string WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", TrainingExamples, seed: 1);
        Write(folder, "t10k", TestExamples, seed: 2);
        return folder;
    }

    static void Write(string folder, string name, int count, int seed)
    {
        Random random = new(seed);
        byte[] images = new byte[16 + (count * Size * Size)];
        byte[] labels = new byte[8 + count];
        Header(images, 0x803, count, Size, Size);
        Header(labels, 0x801, count);
        for (int i = 0; i < count; i++)
        {
            int label = i % Classes;
            labels[8 + i] = (byte)label;
            for (int place = 0; place < Size * Size; place++)
            {
                int quarter = (place / Size / 4 * 2) + (place % Size / 4);
                images[16 + (i * Size * Size) + place] = (byte)(random.Next(160) + (quarter == label ? 60 : 0));
            }
        }
        File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), labels);
    }

    static void Header(byte[] file, params int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * i), numbers[i]);
        }
    }
}
