using AspireFeedback.Bench;
using AspireFeedback.Bench.Load;

return args is ["load"] ? await LoadProcess.RunAsync(Console.In, Console.Out) : await BenchCommand.RunAsync(args);
