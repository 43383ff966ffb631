// Only what says so runs beside others, and that mostly waits.
[assembly: LevelOfParallelism(8)]
