using Anneal.Tests.Shared;

// Live tensors, threads and the random generator belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: LeavesNoTensor]
