using Anneal.Cli;

return CommandLine.Run(args);
