using Anneal.Cli;
using Anneal.Cli.Display;

Console.SetError(new ForgivingWriter(Console.Error));
return CommandLine.Run(args);
