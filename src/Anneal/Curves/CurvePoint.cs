namespace Anneal.Curves;

/// <summary>One measurement of a learning curve.</summary>
/// <param name="Epochs">Passes over the training data made when it was taken; a fraction where it fell inside one.</param>
/// <param name="Value">A loss in nats, an accuracy 0 to 1, or a rate.</param>
public readonly record struct CurvePoint(double Epochs, double Value);
