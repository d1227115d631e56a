extension ManifestRows {
    /// Clips of a folder with a folder per class. Where the folders are named train, val, test (or some of these),
    /// each of them is such a folder and says its clips' split.
    init(folder path: String) throws(DatasetError) {
        let folders = try FileSystem.contents(path)
        let names = folders.filter { $0.isFolder && !$0.isHidden }.map(\.name)
        skippedCount = folders.count - names.count
        guard !names.isEmpty else {
            throw DatasetError(
                .empty, path: path, "there is no folder in it",
                remedy: "Put the videos of each class into a folder of the class's name.")
        }
        if names.allSatisfy({ Split.Part(word: $0) != nil }) {
            for name in names {
                let nested = try FileSystem.contents("\(path)/\(name)")
                let classes = nested.filter { $0.isFolder && !$0.isHidden }.map(\.name)
                skippedCount += nested.count - classes.count
                for label in classes { try add("\(path)/\(name)/\(label)", label: label, values: ["split": name]) }
            }
        } else {
            for name in names { try add("\(path)/\(name)", label: name, values: [:]) }
        }
    }

    /// Clips of a folder and of the folders in it, whatever their names, without labels.
    init(unlabelledFolder path: String) throws(DatasetError) { try add(path, label: nil, values: [:]) }

    /// Adds a class's folder, with the folders in it.
    private mutating func add(_ folder: String, label: String?, values: [String: String]) throws(DatasetError) {
        let before = rows.count
        var pending = [(path: folder, depth: 0)]
        while let (current, depth) = pending.popLast() {
            for entry in try FileSystem.contents(current) {
                let path = "\(current)/\(entry.name)"
                if entry.isHidden {
                    skippedCount += 1
                } else if entry.isFolder {
                    // Links can make folders endless.
                    if depth < 16 { pending.append((path, depth + 1)) }
                } else if FileSystem.videoExtensions.contains(FileSystem.lowercasedExtension(path)) {
                    rows.append(Row(path: path, labels: label.map { [$0] } ?? [], values: values))
                } else {
                    skippedCount += 1
                }
            }
        }
        if rows.count == before, let label { emptyFolders.append((folder, label)) }
        rows[before...].sort { $0.path < $1.path }
    }
}
