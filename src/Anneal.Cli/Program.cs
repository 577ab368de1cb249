using Anneal.Cli;
using Anneal.Cli.Display;
using Anneal.Torch;

StandardDescriptors.Complete();
Console.SetError(new ForgivingWriter(Console.Error));
Console.SetOut(new ResultWriter(Console.Out));
return CommandLine.Run(args);
