namespace Anneal.Training.Recipes;

/// <summary>What recipes of other libraries call a value, and where it is here.</summary>
static class OtherNames
{
    static readonly (string Here, string[] Elsewhere)[] Names =
    [
        ("learning-rate", ["lr", "rate", "eta", "step-size", "alpha", "max-lr", "base-lr", "lr0", "scheduler", "lr-scheduler", "schedule"]),
        ("duration, such as duration=10ep", ["epoch", "epochs", "num-epochs", "n-epochs", "max-epochs", "nb-epoch"]),
        ("duration, such as duration=500st", ["steps", "num-steps", "max-steps", "iterations", "num-iterations", "iters", "max-iter"]),
        ("batch-size", ["bs", "batch", "batchsize", "train-batch-size", "per-device-train-batch-size"]),
        ("accumulation", ["accumulate", "grad-accum", "gradient-accumulation", "gradient-accumulation-steps", "accumulate-grad-batches"]),
        ("optimizer.weight-decay", ["wd", "weight-decay", "weight-decays", "l2"]),
        ("optimizer.momentum", ["momentum", "nesterov", "beta", "beta1", "betas"]),
        ("optimizer", ["opt", "optim", "algorithm"]),
        ("loss.smoothing", ["smoothing", "label-smoothing"]),
        ("loss", ["criterion", "objective"]),
        ("model", ["arch", "architecture", "net", "network", "backbone"]),
        ("model.dropout", ["dropout", "drop", "drop-rate"]),
        ("data", ["dataset", "data-dir", "data-path", "train-data"]),
        ("validation", ["val", "val-split", "validation-split", "valid", "test-size", "holdout"]),
        ("averaging", ["ema", "ema-decay", "swa"]),
        ("stop", ["patience", "early-stopping", "early-stop"]),
        ("gradients", ["clip", "clip-norm", "grad-clip", "clip-grad", "max-grad-norm", "gradient-clip-val", "gradient-clipping"]),
        ("augmentation", ["augment", "aug", "augmentations", "transforms", "transform"]),
        ("initialization", ["init", "initializer", "initialisation"]),
        ("precision", ["amp", "dtype", "fp16", "bf16", "mixed-precision"]),
        ("seed", ["random-seed", "random-state", "manual-seed"]),
        ("checkpoints", ["save", "save-every", "checkpoint"]),
        ("evaluate-every", ["eval-every", "eval-steps", "validate-every", "val-check-interval", "check-val-every-n-epoch"]),
        ("log-every", ["log-interval", "log-every-n-steps", "logging-steps", "print-freq"]),
    ];

    // On the command line, beside --set.
    static readonly string[] Options = ["device", "threads", "out"];

    /// <summary>"Did you mean", with a space before it; null for a name that none of them has.</summary>
    internal static string? Meant(string key)
    {
        string plain = key.ToLowerInvariant().Replace('_', '-');
        string? here = Names.FirstOrDefault(name => name.Elsewhere.Contains(plain)).Here;
        return here is not null ? $" Did you mean {here}?"
            : Options.Contains(plain) ? $" That is no part of a recipe; on the command line it is --{plain}."
            : null;
    }
}
