import ArgumentParser
import Datasets

/// How clips are dealt out to the folds of a cross-validation.
struct FoldOptions: ParsableArguments {
    @Option(help: "How many folds: groups are dealt out so that each has its share of every class. 5 unless given.")
    var folds: Int?

    @Option(help: "Manifest column that says which fold each clip is in.")
    var foldColumn: String?

    func validate() throws {
        try Bounds.check("--folds", folds, 2...1000)
        if folds != nil, foldColumn != nil { throw ValidationError("give either --folds or --fold-column") }
    }

    /// The manifest with its groups, and a note where it has none.
    func grouped(_ manifest: Manifest, by column: String?) throws -> Manifest {
        let manifest = try column.map { try manifest.grouped(by: $0) } ?? manifest
        if !manifest.items.contains(where: { $0.group != nil }) {
            Console.note(
                "note: the clips have no groups: if some share a scene or a source, name its column with --group-by, or "
                    + "the figures are too good")
        }
        return manifest
    }

    /// - Throws: `DatasetError` if the clips cannot be dealt out so.
    func folds(of manifest: Manifest, seed: UInt64) throws -> [Fold] {
        if let foldColumn { return try manifest.folds(by: foldColumn) }
        return try manifest.folds(count: folds ?? 5, seed: seed)
    }
}
