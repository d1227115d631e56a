import ArgumentParser
import Datasets

/// Where labelled clips come from.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder with a folder of videos per class, or a .csv, .tsv or .jsonl manifest with path and label.",
            valueName: "folder|manifest"),
        completion: .file())
    var data: String

    @Flag(help: "Leave out clips whose files are missing, rather than stop.")
    var skipMissing = false

    /// Reads the manifest, for a model that knows `classes` where given.
    func manifest(classes: [String]? = nil) throws -> Manifest {
        try Self.manifest(at: data, skipMissing: skipMissing, classes: classes)
    }

    /// The same, of a place that was given in another way.
    static func manifest(at data: String, skipMissing: Bool, classes: [String]?) throws -> Manifest {
        let manifest = try Manifest(path: data, classes: classes, missingFiles: skipMissing ? .skip : .raise)
        if manifest.skippedCount > 0 {
            Console.note("\(manifest.skippedCount) hidden or non-video files in \(data) are left out")
        }
        if !manifest.missing.isEmpty { Console.note("\(manifest.missing.count) missing files are left out") }
        return manifest
    }
}
