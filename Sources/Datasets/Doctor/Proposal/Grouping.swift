internal import Foundation

/// Which clips must not be split apart, and how that is known.
public struct Grouping: Sendable {
    /// Where groups come from.
    public enum Basis: Sendable, Hashable {
        /// The manifest's own `group` column.
        case given
        /// Another column of the manifest.
        case column(String)
        /// Folders within the folder of a class.
        case folder
        /// File names that end in a number: `scene12_003.mp4` belongs to `scene12`.
        case name
        /// Scenes that look alike.
        case scene
        /// Each clip by itself.
        case clip
    }

    /// Where they come from.
    public let basis: Basis
    /// Why, in a sentence.
    public let reason: String
    /// The group of each clip, in the manifest's order; nil for one that stands alone.
    public let groups: [String?]
    /// How many groups of two clips or more there are.
    public var count: Int { Dictionary(grouping: groups.compactMap(\.self)) { $0 }.values.count { $0.count > 1 } }

    /// Groups from whatever tells them best: the manifest's own, a column that is named for it, folders, names, and
    /// where there are none of these, scenes. Clips that are copies of one another are put into one group in any case.
    /// - Parameter basis: what to go by; the best where nil.
    /// - Throws: `DatasetError.missingColumn` if a column is asked for that not every clip has a value in;
    ///   `DatasetError.badRequest` if names or folders are asked for and tell nothing.
    public init(of diagnosis: Diagnosis, by basis: Basis? = nil) throws(DatasetError) {
        let (chosen, reason, groups) = try Self.choose(diagnosis, basis)
        let (joined, merged) = Self.joinCopies(groups, diagnosis)
        self.basis = chosen
        self.groups = joined
        let copies = merged == 0 ? "" : " Groups that hold copies of each other's clips are joined: \(merged) fewer."
        self.reason = reason + copies
    }

    private typealias Choice = (basis: Basis, reason: String, groups: [String?])

    private static func choose(_ diagnosis: Diagnosis, _ basis: Basis?) throws(DatasetError) -> Choice {
        let manifest = diagnosis.manifest
        let names = NameGroups(manifest)
        func given() -> Choice { (.given, "The manifest names the groups.", manifest.items.map(\.group)) }
        func refused(_ what: String) -> DatasetError {
            DatasetError(
                .badRequest, path: manifest.source, "\(what) tell no groups within the classes",
                remedy: "Leave out --group-by to take what does, or give --group-by none.")
        }
        switch basis {
        case .given?: return given()
        case .column(let column)?:
            return (.column(column), "By the column \"\(column)\", as asked.", try manifest.values(of: column))
        case .folder?:
            guard let groups = names.folders else { throw refused("folders") }
            return (.folder, "By the folders within the classes, as asked.", groups)
        case .name?:
            guard let groups = names.stems else { throw refused("file names") }
            return (.name, "By file names less their last number, as asked.", groups)
        case .scene?: return (.scene, "By scenes that look alike, as asked.", scenes(diagnosis))
        case .clip?: return (.clip, "Each clip by itself, as asked.", manifest.items.map { _ in nil })
        case nil: break
        }
        if manifest.items.contains(where: { $0.group != nil }) { return given() }
        if let column = telling(manifest) {
            let values = try manifest.values(of: column)
            let count = Set(values).count
            return (
                .column(column), "By the column \"\(column)\": its name says so, and it has \(count) values.", values
            )
        }
        if let groups = names.folders {
            return (.folder, "By the folders within the classes: \(example(groups)).", groups)
        }
        if let groups = names.stems {
            return (.name, "By file names less their last number: \(example(groups)).", groups)
        }
        let groups = scenes(diagnosis)
        guard groups.contains(where: { $0 != nil }) else {
            return (.clip, "Neither columns, folders, names nor scenes tell groups: each clip by itself.", groups)
        }
        return (
            .scene,
            "By scenes that look alike, since no column, folder or name tells them. Look at some before you "
                + "trust them.", groups
        )
    }

    /// `g08 has 4 clips`
    private static func example(_ groups: [String?]) -> String {
        let counts = Dictionary(groups.compactMap(\.self).map { ($0, 1) }, uniquingKeysWith: +)
        let largest = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return "\(counts.count) groups, of which \(largest?.key ?? "") has \(largest?.value ?? 0) clips"
    }

    /// A column whose name says that it tells what clips have in common, and whose values do.
    private static func telling(_ manifest: Manifest) -> String? {
        let words = [
            "group", "scene", "source", "recording", "session", "subject", "person", "speaker", "actor", "camera",
            "video", "site", "location",
        ]
        let columns = Set(manifest.items.flatMap(\.columns.keys)).sorted()
        for word in words {
            for column in columns where Self.words(in: column).contains(word) {
                let values = Set(manifest.items.map { $0.columns[column] ?? "" })
                // Fewer groups than parts of a split tell nothing that it could heed.
                guard !values.contains(""), values.count > 2, values.count * 10 <= manifest.items.count * 9 else {
                    continue
                }
                return column
            }
        }
        return nil
    }

    /// `scene_id`, `sceneID` and `Scene id` hold `scene`; `resource` does not hold `source`. Plurals and numbers at the end
    /// are passed over.
    private static func words(in column: String) -> Set<String> {
        var words = [""]
        var wasLower = false
        for character in column {
            if !character.isLetter || (character.isUppercase && wasLower) { words.append("") }
            if character.isLetter { words[words.count - 1] += character.lowercased() }
            wasLower = character.isLowercase
        }
        return Set(words + words.filter { $0.hasSuffix("s") }.map { String($0.dropLast()) })
    }

    /// Scenes with at least this cosine are one, the most alike first, and none with more than a tenth of all clips: chains
    /// of likeness would otherwise end in one group of everything.
    static let sceneThreshold = 0.97

    private static func scenes(_ diagnosis: Diagnosis) -> [String?] {
        let count = diagnosis.clips.count
        var families = Families(count: count)
        let alike = diagnosis.close.examined.filter { $0.symmetry == .same && $0.scene >= sceneThreshold }
        for match in alike.sorted(by: { ($1.scene, $0.first, $0.second) < ($0.scene, $1.first, $1.second) }) {
            families.join(match.first, match.second, most: max(2, count / 10))
        }
        var groups = [String?](repeating: nil, count: count)
        for (number, family) in families.families().enumerated() {
            for clip in family { groups[clip] = "scene\(number + 1)" }
        }
        return groups
    }

    /// Joins the groups of clips that are copies of one another, under the first of their names.
    private static func joinCopies(_ groups: [String?], _ diagnosis: Diagnosis) -> (groups: [String?], merged: Int) {
        var families = Families(count: groups.count)
        var first: [String: Int] = [:]
        for (clip, group) in groups.enumerated() {
            guard let group else { continue }
            if let other = first[group] { families.join(other, clip) } else { first[group] = clip }
        }
        let copies = diagnosis.problems.flatMap(\.pairs)
        for pair in copies { families.join(pair.match.first, pair.match.second) }
        var result = groups
        let names = Set(groups.compactMap(\.self))
        for family in families.families() {
            let own = family.compactMap { groups[$0] }
            var name = own.min() ?? "copies-\(family[0] + 1)"
            while own.isEmpty, names.contains(name) { name += "-" }
            for clip in family { result[clip] = name }
        }
        return (result, names.count - Set(result.compactMap(\.self)).intersection(names).count)
    }
}
