using Anneal.Training.Inspection;
using Anneal.Training.Models;
using Anneal.Training.Modules;

namespace Anneal.Training.Tests.Inspection;

public class ModelTableTests
{
    [Fact]
    public void SaysWhatEachLayerMakesAndCosts()
    {
        using Module model = new ConvNet { Dropout = 0.1 }.Build(new ImageShape(1, 28, 28), 10);
        Assert.Equal(
            """
            layer   kind         output    parameters  multiply–adds
            0.conv  Conv2d       16×28×28         144        112,896
            0.norm  BatchNorm2d  16×28×28          32              0
            0.relu  Activation   16×28×28           0              0
            1.conv  Conv2d       32×14×14       4,608        903,168
            1.norm  BatchNorm2d  32×14×14          64              0
            1.relu  Activation   32×14×14           0              0
            2.conv  Conv2d       64×7×7        18,432        903,168
            2.norm  BatchNorm2d  64×7×7           128              0
            2.relu  Activation   64×7×7             0              0
            3       Flatten      576                0              0
            4       Dropout      576                0              0
            5       Linear       10             5,770          5,760
            total                              29,178      1,924,992

            """.ReplaceLineEndings("\n"),
            ModelTable.Of(model, new ImageShape(1, 28, 28)).ToString());
    }

    [Fact]
    public void LeavesTheModelAsItWas()
    {
        using Module model = new ConvNet().Build(new ImageShape(1, 28, 28), 10);
        ModelTable.Of(model, new ImageShape(1, 28, 28));
        Assert.All(model.Modules(), part => Assert.True(part.Value.IsTraining));
        Assert.All(
            model.Buffers().Where(named => named.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)),
            named => Assert.Equal(0, named.Value.Value.ToInt64()));
    }
}
