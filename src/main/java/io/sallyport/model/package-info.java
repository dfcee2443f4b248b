/// What is wanted, installed, told and asked: records, enums, sealed types and ports only.
@Room(uses = {"base", "crypto"})
@NullMarked
package io.sallyport.model;

import io.sallyport.base.Room;
import org.jspecify.annotations.NullMarked;
