//! EXT-3: what an earlier start has left makes way, when the payload has been verified (SUM-2).

use std::fs::{remove_dir_all, remove_file};
use std::path::Path;

/// Removes an image layout, through no link (BOX-5). What is beside it belongs to somebody else, and
/// stays; what cannot be removed stays too, and extraction says what is wrong with it.
pub fn remove(root: &Path) {
    for name in ["blobs", "index.json", "oci-layout"] {
        let path = root.join(name);
        if remove_file(&path).is_err() {
            let _ = remove_dir_all(&path);
        }
    }
}
