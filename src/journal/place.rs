//! On what kind of disk a file lies: the log of a database needs memory that all its users share.

use std::fs;
use std::path::Path;

/// File systems of other machines, as Linux calls them. What begins with `fuse.` and is none of
/// these is taken for one of ours.
const OF_A_NETWORK: &[&str] = &[
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "gfs2",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
];

/// Whether a file lies on another machine, as far as the system says it.
pub(super) fn is_of_a_network(path: &Path) -> bool {
    let Ok(path) = fs::canonicalize(path) else { return false };
    let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") else { return false };
    kind_of(&mounts, &path).is_some_and(|kind| OF_A_NETWORK.contains(&kind))
}

/// The kind of the file system with the longest mount point above a path; of two with the same, the
/// later one lies over the other.
fn kind_of<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((mount, kind)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (mount.split(' ').nth(4), kind.split(' ').next()) else {
            continue;
        };
        let point = point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        if path.starts_with(&point) && found.is_none_or(|(length, _)| point.len() >= length) {
            found = Some((point.len(), kind));
        }
    }
    found.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_says_where_a_file_lies() {
        let mounts = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home rw - nfs4 files.example.org:/home rw
41 40 0:36 / /home/ana\\040b/local rw - tmpfs tmpfs rw
42 22 0:37 / /srv rw - ext4 /dev/vdb rw
43 22 0:38 / /srv rw - cifs //files.example.org/srv rw
";
        for (path, kind) in [
            ("/var/lib/x", "ext4"),
            ("/homes/x", "ext4"),
            ("/home/x", "nfs4"),
            ("/home/ana b/x", "nfs4"),
            ("/home/ana b/local/x", "tmpfs"),
            ("/srv/x", "cifs"),
        ] {
            assert_eq!(kind_of(mounts, Path::new(path)), Some(kind), "{path}");
        }
        assert_eq!(kind_of("nothing of this form", Path::new("/x")), None);
    }
}
