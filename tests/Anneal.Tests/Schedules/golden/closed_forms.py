"""Writes closed-forms.txt: the papers' formulas evaluated with 60 digits, beside the text form that should give the same.

Run: /usr/bin/python3 closed_forms.py > closed-forms.txt   (Debian's python3-mpmath)
A block is a line "> text | steps | steps per epoch" and then lines "step value", 17 digits. Parameters are the doubles
that the text reads as; step counts are whole numbers throughout.
"""
from fractions import Fraction

from mpmath import cospi, floor, mp, mpf, sqrt

mp.dps = 60
FAR = 2**53


def around(*points):
    steps = {0, FAR - 1, FAR}
    for point in points:
        steps.update(step for step in (point - 1, point, point + 1) if step >= 0)
    return sorted(steps)


def table(text, steps, at, value):
    print(f"> {text} | {steps} | 100")
    for step in at:
        print(step, repr(float(value(step))))


def cosine(start, end, share):
    return end + (start - end) / 2 * (1 + cospi(share))


def until(length, value):
    """The value is held from `length` on."""
    return lambda step: value(min(step, length))


# One way from one value to another.
for start, end, n in ((0.4, 0.0, 1000), (0.4, 0.01, 1000), (0.0, 0.3, 1000), (1.0, 0.0, 10**6)):
    a, b = mpf(start), mpf(end)
    at = around(0, n // 3, n // 2, n, 2 * n)
    table(f"linear(from={start}, to={end})", n, at, until(n, lambda s: a + (b - a) * s / n))
    table(f"cosine(from={start}, to={end})", n, at, until(n, lambda s: cosine(a, b, mpf(s) / n)))
    for k in (2, 3):
        table(f"cosine(from={start}, to={end}, k={k})", n, at, until(n, lambda s: cosine(a, b, mpf(s) ** k / mpf(n) ** k)))
    for power in (0.5, 0.9, 2, 4, 9):
        table(
            f"polynomial(from={start}, to={end}, power={power})", n, at,
            until(n, lambda s: (a - b) * (1 - mpf(s) / n) ** mpf(power) + b),
        )
k = mpf(1.7)
table("cosine(from=0.4, to=0.01, k=1.7)", 1000, around(0, 500, 1000), until(1000, lambda s: cosine(mpf(0.4), mpf(0.01), (mpf(s) / 1000) ** k)))
for start, end, n in ((0.1, 0.001, 1000), (1e-7, 10.0, 100), (1e-300, 1e300, 1000)):
    a, b = mpf(start), mpf(end)
    table(f"exponential(from={start}, to={end})", n, around(0, n // 2, n, 2 * n), until(n, lambda s: a * (b / a) ** (mpf(s) / n)))

# Staircases: from 30 epochs of 100 steps on, and never ending.
table("step(0.1, every=30ep)", 9000, [s for s in around(3000, 6000, 9000) if s < FAR - 1], lambda s: mpf(0.1) * mpf(0.1) ** (s // 3000))
table("step(0.3, every=7st, factor=0.97)", 9000, [s for s in around(7, 14, 70, 700) if s < FAR - 1], lambda s: mpf(0.3) * mpf(0.97) ** (s // 7))
marks = [3000, 6000, 8000]
table("multi-step(0.1, at=[30ep, 60ep, 80ep], factor=0.2)", 9000, around(*marks), lambda s: mpf(0.1) * mpf(0.2) ** sum(m <= s for m in marks))

# Square roots.
for warmup, timescale in ((400, 400), (400, 1000), (400, 100), (0, 250)):
    def inverse(step):
        if step < warmup:
            return mpf(0.1) * step / warmup
        return mpf(0.1) / sqrt(mpf(step + timescale - warmup) / timescale)
    tail = "" if warmup == timescale else f", timescale={timescale}st"
    table(f"inverse-sqrt(0.1, warmup={warmup}st{tail})", 1000, around(warmup, 1000, 10**6), inverse)
def noam(scale):
    return lambda s: 0 if s == 0 else mpf(scale) / sqrt(mpf(512)) * min(1 / sqrt(mpf(s)), s / mpf(4000) ** mpf(1.5))
table("noam(model=512, warmup=4000st)", 10000, around(1, 4000, 10**6), noam(1))
table("noam(model=512, warmup=40ep, scale=2.5)", 10000, around(1, 4000, 10**6), noam(2.5))

# Warm restarts over 40 cycles; lengths are rounded from exact fractions, halves up.
for multiply in (1, 1.5, 2, 3):
    for first, decay in ((10, 1.0), (1, 0.9)):
        begins, lengths = [0], []
        for cycle in range(40):
            lengths.append(int(floor(mpf((first * Fraction(multiply) ** cycle + Fraction(1, 2)).numerator) / (first * Fraction(multiply) ** cycle + Fraction(1, 2)).denominator)))
            begins.append(begins[-1] + lengths[-1])
        def restart(step):
            cycle = next(i for i in range(40) if step < begins[i + 1])
            return cosine(mpf(0.4) * mpf(decay) ** cycle, mpf(0.001), mpf(step - begins[cycle]) / lengths[cycle])
        at = sorted({s for b, n in zip(begins, lengths) for s in (b - 1, b, b + 1, b + n // 2) if 0 <= s < min(begins[40], 2**63 - 2)})
        decayed = "" if decay == 1 else f", decay={decay}"
        table(f"restarts(from=0.4, to=0.001, first={first}st, multiply={multiply}{decayed})", 1000, at, restart)
table("restarts(from=0.4, to=0.1, first=10st, limit=3)", 1000, around(10, 20, 29, 30, 100), lambda s: cosine(mpf(0.4), mpf(0.1), mpf(s % 10) / 10) if s < 30 else mpf(0.1))
table(
    "restarts(from=0.4, to=0.1, first=10st, multiply=2, limit=2)", 1000, around(10, 29, 30, 100),
    lambda s: cosine(mpf(0.4), mpf(0.1), mpf(s) / 10 if s < 10 else mpf(s - 10) / 20) if s < 30 else mpf(0.1),
)

# Smith's cycles, as written in the paper.
def height(step, half):
    cycle = 1 + step // (2 * half)
    return cycle, max(mpf(0), 1 - abs(mpf(step) / half - 2 * cycle + 1))
low, high, half = mpf(0.01), mpf(0.1), 2000
at = around(1, half, 2 * half, 3 * half, 4 * half, 20 * half)
table("triangular(min=0.01, max=0.1)", 9000, at, lambda s: low + (high - low) * height(s, half)[1])
table("triangular(min=0.95, max=0.85, half=20ep)", 9000, at, lambda s: mpf(0.95) + (mpf(0.85) - mpf(0.95)) * height(s, half)[1])
table("triangular2(min=0.01, max=0.1)", 9000, at, lambda s: low + (high - low) * height(s, half)[1] / mpf(2) ** (height(s, half)[0] - 1))
table("exp-range(min=0.01, max=0.1, gamma=0.99994)", 9000, at, lambda s: low + (high - low) * height(s, half)[1] * mpf(0.99994) ** s)
table("exp-range(min=0.01, max=0.1, gamma=0.8, per=cycle)", 9000, at, lambda s: low + (high - low) * height(s, half)[1] * mpf(0.8) ** (height(s, half)[0] - 1))

# One cycle: borders at up·steps − 1, (2·up·steps − 2) and steps − 1.
def way(points, shape):
    def value(step):
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            if step <= x1:
                share = (step - x0) / (x1 - x0)
                return cosine(y0, y1, share) if shape == "cosine" else y0 + (y1 - y0) * share
        return points[-1][1]
    return value
for shape in ("cosine", "linear"):
    for n, up in ((1000, 0.3), (1001, 0.3), (1000, 0.25)):
        peak, first, last = mpf(0.4), mpf(0.4) / 25, mpf(0.4) / 250000
        x = mpf(up) * n
        at = around(int(x) - 1, int(2 * x) - 2, n - 1, 2 * n)
        form = f"max=0.4, up={up}, shape={shape}"
        table(f"one-cycle({form})", n, at, way([(0, first), (x - 1, peak), (mpf(n - 1), last)], shape))
        table(f"one-cycle({form}, phases=3)", n, at, way([(0, first), (x - 1, peak), (2 * x - 2, first), (mpf(n - 1), last)], shape))
        table(f"one-cycle-momentum(up={up}, shape={shape})", n, at, way([(0, mpf(0.95)), (x - 1, mpf(0.85)), (mpf(n - 1), mpf(0.95))], shape))

# Burn-in: 0, 6.25e-5 and 1e-3 at 0, 500 and 1000.
for power in (1, 4, 2.5):
    table(f"burn-in(0.001, power={power}) for 1000st", 5000, around(1, 500, 1000, 5000), until(1000, lambda s: mpf(0.001) * (mpf(s) / 1000) ** mpf(power)))

# SpecAugment's four phases.
def phases(peak, ramp, hold, end, shape="linear", floor_share=0.01):
    low_share = mpf(floor_share)
    def value(step):
        if step < ramp:
            x = mpf(step) / ramp
            return peak * {"linear": x, "power": x**4, "exponential": low_share * (1 / low_share) ** x}[shape]
        if step <= hold:
            return peak
        return peak * low_share ** (mpf(min(step, end) - hold) / (end - hold))
    return value
thousandth = mpf(0.001)
for preset, ramp, hold, end in (("B", 500, 20000, 80000), ("D", 1000, 40000, 160000), ("L", 1000, 140000, 320000)):
    table(f"spec-augment(peak=0.001, preset={preset})", 10**6, around(ramp // 2, ramp, hold, (hold + end) // 2, end, 2 * end), phases(thousandth, ramp, hold, end))
for shape in ("linear", "exponential", "power"):
    table(
        f"spec-augment(peak=0.001, ramp=5ep, hold-until=20ep, decay-until=80ep, shape={shape}, floor=0.05)", 10**6,
        around(1, 250, 500, 2000, 5000, 8000), phases(thousandth, 500, 2000, 8000, shape, 0.05),
    )

# Trapezoid: down over the last 20 %.
def trapezoid(shape):
    def value(step):
        if step < 100:
            return mpf(0.3) * step / 100
        done = mpf(max(0, min(step, 1000) - 800)) / 200
        return mpf(0.3) * (1 - (done if shape == "linear" else sqrt(done)))
    return value
for shape in ("linear", "sqrt"):
    table(f"trapezoid(peak=0.3, up=1ep, down=0.2run, shape={shape})", 1000, around(1, 50, 100, 800, 900, 1000), trapezoid(shape))

# Snapshots: cycles of ceil(steps/cycles); after the last step the way of the last cycle is held where it stopped.
def snapshot(steps, cycles):
    length = -(-steps // cycles)
    def value(step):
        position = step % length if step < steps else (steps - 1) % length + 1
        return mpf(0.1) / 2 * (cospi(mpf(position) / length) + 1)
    return value
for steps, cycles in ((1000, 5), (1000, 7), (1000, 1), (6, 6)):
    length = -(-steps // cycles)
    table(f"snapshot(peak=0.1, cycles={cycles})", steps, around(length, 2 * length, steps), snapshot(steps, cycles))

# Joined: continuous where the values meet, and held at the end.
def joined(step):
    if step < 500:
        return mpf(0.4) * step / 500
    if step < 800:
        return mpf(0.4)
    return cosine(mpf(0.4), mpf(0.004), mpf(min(step - 800, 1100)) / 1100)
table("linear(from=0, to=0.4) for 5ep then constant(0.4) for 0.1run then cosine(from=0.4, to=0.004) for 70400samples", 3000, around(500, 800, 1350, 1900, 3000), joined)
