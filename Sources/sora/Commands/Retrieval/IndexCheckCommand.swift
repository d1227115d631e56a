import ArgumentParser
import Retrieval

struct IndexCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check that the parts of an index go together.",
        discussion: """
            Looks at every page of the catalogue and at every segment and its vector. What is wrong is said, and the exit status is 1.

            Example:
              sora index check films
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        var index: String
        var videos: Int
        var segments: Int
        var faults: [String]
    }

    func run() throws {
        let check = try IndexCheck(of: index)
        let report = Report(index: index, videos: check.videos, segments: check.segments, faults: check.faults)
        if common.json {
            Console.result(try report.jsonLine())
        } else {
            for fault in check.faults { Console.result("\(index): \(fault)") }
            let verdict =
                check.faults.isEmpty
                ? "nothing is wrong" : "'sora index rebuild' makes the vectors anew from the catalogue"
            Console.result(
                "\(index): \(counted(check.videos, "video")), \(counted(check.segments, "segment")): \(verdict)")
        }
        if !check.faults.isEmpty { throw ExitCode.failure }
    }
}
