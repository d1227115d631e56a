import ArgumentParser
import Foundation
import SoraModel

/// The `sora` command.
@main
struct Sora: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sora",
        abstract: "Turn video into vectors: train a CNN + GRU on your clips, then embed and classify new ones.",
        discussion: """
            Start with 'sora demo': it makes its own videos, trains on them and shows each step.
            Every command takes --json, and 'sora help COMMAND' shows an example.
            """,
        version: Release.version,
        subcommands: [
            Demo.self, Probe.self, FramesCommand.self, Prepare.self, Train.self, Pretrain.self, CrossValidate.self,
            Tune.self, Evaluate.self, Compare.self, Calibrate.self, Runs.self, Fit.self, Embed.self, Classify.self,
            Index.self, Search.self, Recommend.self, Duplicates.self, ClusterCommand.self, Tag.self, RetrievalEval.self,
            Serve.self,
            Quantize.self, Export.self, Info.self, Bench.self,
        ])

    static func main() {
        // Past a limit on a file's size, writing then fails like on a full disk, instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        main(nil)
    }
}
