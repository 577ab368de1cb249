namespace Anneal.Reports.Tests.Samples;

/// <summary>Crude 28×28 pieces of clothing, one for each class of <see cref="SampleStudy.Classes"/>.</summary>
static class Silhouettes
{
    public static byte[] Draw(int kind, Random random)
    {
        byte[] pixels = new byte[28 * 28];
        double shade = 120 + 110 * random.NextDouble();
        double stretch = 0.92 + 0.16 * random.NextDouble();
        for (int y = 0; y < 28; y++)
        {
            for (int x = 0; x < 28; x++)
            {
                double u = ((x + 0.5) / 28 - 0.5) * stretch;
                double v = (y + 0.5) / 28;
                if (Covers(kind, u, v))
                {
                    pixels[y * 28 + x] = (byte)Math.Clamp(shade + 26 * Math.Sin(9 * v + kind) + 34 * (random.NextDouble() - 0.5) - 40 * Math.Abs(u), 20, 255);
                }
            }
        }

        return pixels;
    }

    // u from −0.5 to 0.5 across, v from 0 to 1 downwards.
    static bool Covers(int kind, double u, double v)
    {
        double side = Math.Abs(u);
        bool neck = v < 0.14 && side < 0.1;
        return kind switch
        {
            0 or 6 => !neck && v is > 0.08 and < 0.92 && (side < 0.2 || (side < (kind == 6 ? 0.34 : 0.42) && v < (kind == 6 ? 0.72 : 0.36) && v > 0.6 * (side - 0.12))),
            1 => v is > 0.05 and < 0.97 && side < 0.19 && (v < 0.22 || side > 0.03),
            2 or 4 => !neck && v is > 0.08 and < 0.9 && (side < 0.2 || (side is > 0.23 and < 0.36 && v > 0.7 * (side - 0.1))) && (kind == 2 || side > 0.012),
            3 => !neck && v is > 0.05 and < 0.97 && side < (v < 0.45 ? 0.13 : 0.07 + 0.17 * v),
            5 => v is > 0.4 and < 0.72 && v > 0.62 - 0.25 * (u + 0.2) && ((int)(v * 20) % 3 != 0 || v > 0.64),
            7 => v is > 0.42 and < 0.7 && side < 0.45 && v > 0.58 - 0.55 * (u + 0.1),
            8 => (v is > 0.4 and < 0.88 && side < 0.4) || (v is > 0.14 and <= 0.4 && side is > 0.16 and < 0.22) || (v is > 0.12 and < 0.18 && side < 0.22),
            _ => v is > 0.12 and < 0.85 && (u > 0.02 ? side < 0.3 : v > 0.5 && side < 0.44 && v > 0.52 - 0.3 * u),
        };
    }
}
