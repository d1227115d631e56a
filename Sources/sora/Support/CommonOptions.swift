import ArgumentParser

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print results as JSON, one object a line.")
    var json = false
}
